using Hanzo.Sessions.Benchmarks.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Hanzo.Sessions.Benchmarks.Rivals;

/// <summary>
/// A session table as one writes it with EF Core: pooled contexts, compiled queries, no tracking for reads, an index on
/// the user. The limit is counted before the insert, so it is not exact when two sign-ins meet.
/// </summary>
internal sealed class EfCoreTable
{
    // Not static: a compiled query belongs to the model of one database.
    private readonly Func<EfCoreSessions, byte[], Task<EfCoreSession?>> _byToken = EF.CompileAsyncQuery(
        (EfCoreSessions db, byte[] hash) => db.Sessions.AsNoTracking().FirstOrDefault(it => it.TokenHash == hash));

    private readonly Func<EfCoreSessions, string, string, DateTime, Task<int>> _activeOfUser = EF.CompileAsyncQuery(
        (EfCoreSessions db, string organization, string user, DateTime now) =>
            db.Sessions.Count(it => it.Organization == organization && it.UserName == user && it.ActiveUntil > now));

    private readonly PooledDbContextFactory<EfCoreSessions> _contexts;

    private EfCoreTable(PooledDbContextFactory<EfCoreSessions> contexts) => _contexts = contexts;

    /// <summary>Creates the table and fills it with the sessions of the population.</summary>
    /// <param name="database">Where.</param>
    /// <param name="sessions">How many.</param>
    /// <param name="asked">For how many of them the token hash is answered.</param>
    /// <param name="first">What to execute before filling; null for nothing.</param>
    /// <param name="last">What to execute after filling; null for nothing.</param>
    public static async Task<(EfCoreTable Table, byte[][] Hashes)> FillAsync(
        DbContextOptionsBuilder<EfCoreSessions> database, int sessions, int asked, FormattableString? first = null, FormattableString? last = null)
    {
        var contexts = new PooledDbContextFactory<EfCoreSessions>(database.Options);
        await using var db = await contexts.CreateDbContextAsync();
        await db.Database.EnsureCreatedAsync();
        await ExecuteAsync(first);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var hashes = new List<byte[]>();
        foreach (var numbers in Enumerable.Range(0, sessions).Chunk(5_000))
        {
            EfCoreSession[] chunk = [.. numbers.Select(i => EfCoreSession.Of(i, Population.User(i / Population.PerUser).Name, now))];
            hashes.AddRange(chunk.Take(asked - hashes.Count).Select(it => it.TokenHash));
            db.AddRange(chunk);
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
        }

        await ExecuteAsync(last);
        return (new EfCoreTable(contexts), [.. hashes]);

        Task ExecuteAsync(FormattableString? sql) => sql is null ? Task.CompletedTask : db.Database.ExecuteSqlAsync(sql);
    }

    public async Task<EfCoreSession?> FindAsync(byte[] hash)
    {
        await using var db = await _contexts.CreateDbContextAsync();
        return await _byToken(db, hash);
    }

    public async Task CreateAsync(EfCoreSession session)
    {
        await using var db = await _contexts.CreateDbContextAsync();
        if (await _activeOfUser(db, session.Organization, session.UserName, session.CreatedAt) >= 10)
        {
            throw new InvalidOperationException("The user has too many sessions.");
        }

        db.Sessions.Add(session);
        await db.SaveChangesAsync();
    }

    public async Task<IReadOnlyList<EfCoreSession>> PageAsync(string organization, int offset)
    {
        await using var db = await _contexts.CreateDbContextAsync();
        return await db.Sessions.AsNoTracking()
            .Where(it => it.Organization == organization)
            .OrderByDescending(it => it.CreatedAt)
            .ThenBy(it => it.Id)
            .Skip(offset)
            .Take(25)
            .ToListAsync();
    }
}
