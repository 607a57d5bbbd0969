namespace Hanzo.Sessions.AspNetCore;

/// <summary>The envelope of every compatible answer.</summary>
internal sealed record CasdoorAnswer(
    string Status, string Msg, object? Data = null, long? Data2 = null, string Sub = "", string Name = "", object? Data3 = null);
