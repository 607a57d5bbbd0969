using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class CompatibleListAtScaleTests
{
    private const string Route = "/api/get-sessions?owner=hanzo";

    [Test, Description("Compatible verbs: at most 10,000 records, streamed; beyond that an error; pages reach beyond the largest offset")]
    public async Task Ten_thousand_records_are_streamed_and_one_more_is_refused()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
        });
        await AddAsync(app, 1, 10_000);
        var client = app.Client(ServiceClients.Hanzo);

        var all = await client.GetAsync(Route);

        Assert.That(all.Records().Distinct(StringComparer.Ordinal), Has.Exactly(10_000).Items);
        Assert.That(all.Header("Transfer-Encoding"), Is.EqualTo("chunked"));

        await AddAsync(app, 10_001, 11_620);
        Assert.That(
            (await client.GetAsync(Route)).Body,
            Is.EqualTo(CompatibleRequests.Error("there are more than 10000 records: use p and pageSize")));

        const string sorted = Route + "&sortField=name&sortOrder=ascend&pageSize=100&p=";
        var deep = await client.GetAsync(sorted + "117");
        Assert.That(deep.Records(), Is.EqualTo(Enumerable.Range(11_601, 20).Select(Record)));
        Assert.That(deep.Json.GetProperty("data2").GetInt64(), Is.EqualTo(11_620), "the total is exact");
        Assert.That((await client.GetAsync(sorted + "101")).Records()[0], Is.EqualTo(Record(10_001)));

        var calls = app.Store.Calls;
        Assert.That((await client.GetAsync(Route + "&pageSize=1&p=2000000000")).Data().GetArrayLength(), Is.Zero);
        Assert.That(app.Store.Calls - calls, Is.LessThanOrEqualTo(3), "nobody walks through a list to find its end");
    }

    [TestCase(3)]
    [TestCase(200)]
    [Description("V6 T8 half a list is never given out as a whole one")]
    public async Task A_store_that_fails_in_the_middle_of_a_list_is_noticed_by_the_client(int nameLength)
    {
        FailingOnce? store = null;
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
            it.Services += services => services.Replace(inner => store = new FailingOnce(inner));
        });
        for (var number = 1; number <= 501; number++)
        {
            await store!.CreateAsync(TestSessions.Of(new SessionUser("hanzo", $"{number}".PadLeft(nameLength, '0'))));
        }

        var client = app.Client(ServiceClients.Hanzo);
        Assert.That((await client.GetAsync(Route)).Records(), Has.Exactly(501).Items);
        store!.FailAtList = 2;
        try
        {
            var answer = await client.GetAsync(Route);
            Assert.That(answer.Status, Is.EqualTo(503), "or, once it has begun, the answer breaks off");
            Assert.That(answer.Header("Retry-After"), Is.EqualTo("5"));
            Assert.That(answer.Body, Does.StartWith("{\"type\":\"about:blank\""));
        }
        catch (HttpRequestException)
        {
            Assert.That(nameLength, Is.EqualTo(200), "an answer that has not begun can be 503");
        }
    }

    private static string Record(int number) => $"hanzo/{number:D5}/shop";

    private static async Task AddAsync(WebHarness app, int first, int last)
    {
        for (var number = first; number <= last; number++)
        {
            await app.AddAsync("hanzo", $"{number:D5}");
        }
    }

    private sealed class FailingOnce(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        /// <summary>Which list of records from now on fails; 0 for none.</summary>
        public int FailAtList { get; set; }

        public override Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
            SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
            FailAtList > 0 && --FailAtList == 0
                ? throw new TimeoutException("secret host name")
                : base.ListRecordsAsync(listing, now, cancellationToken);
    }
}
