namespace Hanzo.Sessions.AspNetCore;

/// <summary>Marks the library's own endpoints, which no app may open to anonymous callers.</summary>
internal sealed class ProtectedEndpointMetadata;
