using Microsoft.EntityFrameworkCore;

namespace Hanzo.Sessions.Benchmarks.Rivals;

/// <summary>
/// A session table as one writes it with EF Core: pooled contexts, compiled queries, no tracking for reads, an index on
/// the user. The limit is counted before the insert, so it is not exact when two sign-ins meet.
/// </summary>
internal sealed class EfCoreSessions : DbContext
{
    private static readonly Func<EfCoreSessions, byte[], Task<EfCoreSession?>> ByToken = EF.CompileAsyncQuery(
        (EfCoreSessions db, byte[] hash) => db.Sessions.AsNoTracking().FirstOrDefault(it => it.TokenHash == hash));

    private static readonly Func<EfCoreSessions, string, string, DateTime, Task<int>> ActiveOfUser = EF.CompileAsyncQuery(
        (EfCoreSessions db, string organization, string user, DateTime now) =>
            db.Sessions.Count(it => it.Organization == organization && it.UserName == user && it.ActiveUntil > now));

    public EfCoreSessions(DbContextOptions<EfCoreSessions> options)
        : base(options)
    {
    }

    public DbSet<EfCoreSession> Sessions => Set<EfCoreSession>();

    public static Task<EfCoreSession?> FindAsync(EfCoreSessions db, byte[] hash) => ByToken(db, hash);

    public static async Task CreateAsync(EfCoreSessions db, EfCoreSession session)
    {
        if (await ActiveOfUser(db, session.Organization, session.UserName, session.CreatedAt) >= 10)
        {
            throw new InvalidOperationException("The user has too many sessions.");
        }

        db.Sessions.Add(session);
        await db.SaveChangesAsync();
    }

    public static Task<int> DeleteOfUserAsync(EfCoreSessions db, string organization, string user) =>
        db.Sessions.Where(it => it.Organization == organization && it.UserName == user).ExecuteDeleteAsync();

    public static Task<List<EfCoreSession>> PageAsync(EfCoreSessions db, string organization, int offset) => db.Sessions.AsNoTracking()
        .Where(it => it.Organization == organization)
        .OrderByDescending(it => it.CreatedAt)
        .ThenBy(it => it.Id)
        .Skip(offset)
        .Take(25)
        .ToListAsync();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var session = modelBuilder.Entity<EfCoreSession>();
        session.HasIndex(it => it.TokenHash).IsUnique();
        session.HasIndex(it => new { it.Organization, it.UserName });
        session.HasIndex(it => new { it.Organization, it.CreatedAt });
    }
}
