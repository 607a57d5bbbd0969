using Microsoft.EntityFrameworkCore;

namespace Hanzo.Sessions.Benchmarks.Rivals;

/// <summary>The context of an <see cref="EfCoreTable"/>.</summary>
internal sealed class EfCoreSessions : DbContext
{
    public EfCoreSessions(DbContextOptions<EfCoreSessions> options)
        : base(options)
    {
    }

    public DbSet<EfCoreSession> Sessions => Set<EfCoreSession>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var session = modelBuilder.Entity<EfCoreSession>();
        session.HasIndex(it => it.TokenHash).IsUnique();
        session.HasIndex(it => new { it.Organization, it.UserName });
        session.HasIndex(it => new { it.Organization, it.CreatedAt });
    }
}
