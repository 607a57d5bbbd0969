namespace Hanzo.Sessions.AspNetCore;

/// <summary>On the library's own endpoints: nobody may open them to everybody.</summary>
internal sealed class ProtectedEndpointMetadata;
