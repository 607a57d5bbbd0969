namespace Hanzo.Sessions.Benchmarks.Rivals;

/// <summary>A row of <see cref="EfCoreSessions"/>.</summary>
internal sealed class EfCoreSession
{
    public Guid Id { get; set; }

    public required byte[] TokenHash { get; set; }

    public required string Organization { get; set; }

    public required string UserName { get; set; }

    public required string Application { get; set; }

    public string? IpAddress { get; set; }

    public string? UserAgent { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime LastActiveAt { get; set; }

    public DateTime ExpiresAt { get; set; }

    public DateTime ActiveUntil { get; set; }

    public byte[]? Payload { get; set; }

    public static EfCoreSession Of(int number, string user, DateTime now)
    {
        return new EfCoreSession
        {
            Id = Guid.CreateVersion7(),
            TokenHash = SessionToken.New().Hash().ToArray(),
            Organization = "acme",
            UserName = user,
            Application = number % 2 == 0 ? "shop" : "mail",
            IpAddress = FormattableString.Invariant($"192.0.2.{number % 200}"),
            UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            CreatedAt = now,
            LastActiveAt = now,
            ExpiresAt = now.AddHours(24),
            ActiveUntil = now.AddHours(1),
            Payload = new byte[300],
        };
    }
}
