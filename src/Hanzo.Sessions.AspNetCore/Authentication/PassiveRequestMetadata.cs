namespace Hanzo.Sessions.AspNetCore;

/// <summary>On an endpoint: its requests are no activity of the user. Added by <c>AsPassive()</c>.</summary>
internal sealed class PassiveRequestMetadata;
