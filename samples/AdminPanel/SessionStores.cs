using Hanzo.Sessions;

/// <summary>Chooses where this app keeps its sessions: by default in a file beside it.</summary>
internal static class SessionStores
{
    /// <summary>
    /// <c>SessionStore</c> is <c>memory</c>, <c>sqlite</c> or <c>postgres</c>. Without it, a connection string
    /// named <c>Sessions</c> means PostgreSQL.
    /// </summary>
    public static HanzoSessionsBuilder UseConfiguredStore(this HanzoSessionsBuilder sessions, IConfiguration configuration)
    {
        var connection = configuration.GetConnectionString("Sessions");
        var store = configuration["SessionStore"] ?? (connection is null ? "sqlite" : "postgres");
        return store switch
        {
            "memory" => sessions,
            "sqlite" => sessions.UseSqlite(connection ?? "Data Source=sessions.db"),
            "postgres" => sessions.UsePostgres(connection ?? throw new InvalidOperationException(
                "SessionStore is 'postgres', but there is no connection string. Set ConnectionStrings__Sessions.")),
            _ => throw new InvalidOperationException(
                $"SessionStore is '{store}'; it must be one of memory, sqlite, postgres."),
        };
    }
}
