using System.Data.Common;
using Hanzo.Sessions.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Views;

/// <summary>What somebody with a database client sees, by the database's own clock.</summary>
[TestFixture("SQLite")]
[TestFixture("PostgreSQL")]
public sealed class ViewTests(string kind)
{
    private readonly SqliteFolder _folder = new();
    private ISessionStore _store = null!;
    private Func<DbConnection> _connect = null!;
    private string _schema = "";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [SetUp]
    public async Task OpenAsync()
    {
        if (kind is "SQLite")
        {
            var file = Path.Combine(_folder.Path, $"{Guid.NewGuid():N}.db");
            _store = SqliteFolder.Open(file);
            _connect = () => new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        }
        else
        {
            var database = await PostgresDatabase.CreateAsync();
            _store = database.Open();
            _connect = () => new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
            _schema = "hanzo_sessions.";
        }

        await _store.PrepareAsync();
    }

    [TearDown]
    public ValueTask CloseAsync() => ((IAsyncDisposable)_store).DisposeAsync();

    [OneTimeTearDown]
    public void DeleteFiles() => _folder.Delete();

    [Test, Description("active_sessions shows those that are active now, and no others")]
    public async Task The_view_of_active_sessions_shows_them_and_no_others()
    {
        var active = await AddAsync(TestSessions.Of(TestSessions.Alice).At(Now));
        var ended = await AddAsync(TestSessions.Of(TestSessions.Alice).At(Now));
        await EndAsync(ended, SessionEndReason.SignedOut);
        await AddAsync(TestSessions.Of(TestSessions.Bob).At(Now.AddHours(-1).AddSeconds(-1)));

        Assert.That(
            await RowsAsync($"SELECT id, organization, user_name, application FROM {_schema}active_sessions"),
            Is.EqualTo(new[] { $"{active.Id} acme alice shop" }));
    }

    [Test, Description("T9 ended_sessions names every reason, timeouts that clean-up has not reached among them")]
    public async Task The_view_of_ended_sessions_names_each_reason()
    {
        List<string> expected = [];
        foreach (var reason in Enum.GetValues<SessionEndReason>())
        {
            var session = await AddAsync(TestSessions.Of(TestSessions.Alice).At(Now));
            await EndAsync(session, reason);
            expected.Add($"{session.Id} {reason} service:nightly");
        }

        var idle = await AddAsync(TestSessions.Of(TestSessions.Bob).At(Now.AddHours(-2)));
        var old = await AddAsync(TestSessions.Of(TestSessions.Bob).At(Now.AddHours(-2)).Lasting(TimeSpan.FromHours(3), TimeSpan.FromHours(1)));
        await AddAsync(TestSessions.Of(TestSessions.Bob).At(Now));

        Assert.That(
            await RowsAsync($"SELECT id, reason, ended_by FROM {_schema}ended_sessions"),
            Is.EquivalentTo([.. expected, $"{idle.Id} IdleTimeout ", $"{old.Id} Expired "]));
    }

    [Test, Description("C1 no view has the token's hash or the claims")]
    public async Task No_view_shows_the_hash_or_the_claims()
    {
        foreach (var view in new[] { "active_sessions", "ended_sessions" })
        {
            await using var connection = _connect();
            await connection.OpenAsync();
            await using var rows = await CommandOf(connection, $"SELECT * FROM {_schema}{view}").ExecuteReaderAsync();
            var columns = Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).ToList();

            Assert.That(columns, Has.Count.GreaterThan(10).And.None.Contains("hash").And.None.Contains("payload"));
        }
    }

    [TestCase("active_sessions", "created_at", 0)]
    [TestCase("active_sessions", "active_until", 3600)]
    [TestCase("active_sessions", "expires_at", 86400)]
    [Description("The views show instants in UTC that a person can read")]
    public async Task A_view_shows_instants_that_a_person_can_read(string view, string column, int seconds)
    {
        var created = new DateTimeOffset(Now.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        await AddAsync(TestSessions.Of(TestSessions.Alice).At(created));
        var shown = kind is "SQLite" ? column : $"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";

        Assert.That(
            await RowsAsync($"SELECT {shown} FROM {_schema}{view}"),
            Is.EqualTo(new[] { $"{created.AddSeconds(seconds):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}" }));
    }

    [TestCaseSource(nameof(DocumentedQueries)), Description("Every query of docs/Operations.md finds what it names")]
    public async Task A_documented_query_finds_the_sessions_that_it_names(string query)
    {
        var ada = TestSessions.Of(new SessionUser("hanzo", "ada")).At(Now).From("203.0.113.7");
        await AddAsync(ada);
        await EndAsync(
            await AddAsync(ada.WithId(SessionId.Parse("0198c0de000070008000000000000001")) with { TokenHash = TestSessions.NewTokenHash() }),
            SessionEndReason.TerminatedByAdmin);
        var text = kind is "SQLite" ? query.Replace("hanzo_sessions.", "", StringComparison.Ordinal) : query;

        Assert.That(await RowsAsync(text), Is.Not.Empty);
    }

    private static IEnumerable<string> DocumentedQueries() =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "Operations.md"))
            .Split("```sql\n")[1..]
            .SelectMany(block => block.Split("```")[0].Split(';'))
            .Select(query => query.Trim())
            .Where(query => query.Length > 0);

    private async Task<Session> AddAsync(SessionCreation creation)
    {
        Assert.That((await _store.CreateAsync(creation)).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        return creation.Session;
    }

    private async Task EndAsync(Session session, SessionEndReason reason)
    {
        var end = new SessionEnd(new DateTimeOffset(Now.Ticks / 10_000 * 10_000, TimeSpan.Zero), reason, SessionActor.Service("nightly"));
        Assert.That((await _store.TerminateAsync(SessionFilter.Of(session.User) with { Id = session.Id }, end)).Ended, Has.Exactly(1).Items);
    }

    private async Task<List<string>> RowsAsync(string sql)
    {
        await using var connection = _connect();
        await connection.OpenAsync();
        await using var rows = await CommandOf(connection, sql).ExecuteReaderAsync();
        List<string> texts = [];
        while (await rows.ReadAsync())
        {
            texts.Add(string.Join(' ', Enumerable.Range(0, rows.FieldCount).Select(i => Text(rows[i]))));
        }

        return texts;
    }

    private static DbCommand CommandOf(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in the repository.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private static string Text(object value) => value is Guid id ? id.ToString("N") : $"{value}";
}
