namespace Hanzo.Sessions.AspNetCore;

/// <summary>Names the device behind a user agent ("Firefox on Windows"). A label has only words of these tables, so it is safe to show.</summary>
internal static class DeviceLabel
{
    private const int LongestRead = 512;

    // The first row with a token in the user agent wins: a program that imitates another one stands above it (Edge, Chrome, Safari).
    private static readonly Row[] Programs =
    [
        // Robots, which pretend a platform.
        Bot("Googlebot", "Googlebot", "GoogleOther", "Google-InspectionTool", "AdsBot-Google", "Mediapartners-Google"),
        Bot("Bingbot", "bingbot", "BingPreview/"),
        Phone("WhatsApp", " WhatsApp/") with { IsAlone = true },

        // Tools, above "Bot" because some carry the address of their documentation.
        Tool("Postman", "PostmanRuntime/", " Postman/"),
        Tool("Insomnia", " insomnia/"),
        Tool("PowerShell", "PowerShell/"),
        Tool("HTTPie", " HTTPie/"),
        Tool("Wget", " Wget/", " Wget2/"),
        Tool("Python requests", " python-requests/"),
        Tool("Python http client", " aiohttp/", " python-httpx/", "Python-urllib", " python-urllib3/"),
        Tool("Go http client", " Go-http-client/", " go-resty/"),
        Tool("okhttp", " okhttp/"),
        Tool("Java http client", " Java/", " Java-http-client/", "Apache-HttpClient/", " ReactorNetty/"),
        Tool("axios", " axios/"),
        Tool("Node.js", " node ", " undici ", " node-fetch", " node-superagent/", "sindresorhus/got", " Bun/", " Deno/"),
        Tool(".NET HttpClient", " RestSharp/", "Microsoft ASP.NET Core"),
        Tool("Http client", "GuzzleHttp/", "Symfony HttpClient", " Ruby ", " Faraday v", " http.rb/", " rest-client/", " reqwest/", " ureq/", " libwww-perl/", "(dart:io)"),
        Tool("Git", " git/"),
        Tool("curl", " curl/", "libcurl"),
        Bot("Bot", "bot/", "Bot/", "BOT/", "bot)", "Bot)", "bot;", "Bot;", "bot-", "Bot-", "Bot ", "bot (", "robot", "Robot", "crawl", "Crawl", "spider", "Spider", "+http", "ELB-HealthChecker", "kube-probe/", "GoogleHC/", "Pingdom", "facebookexternalhit", "meta-external", "Lighthouse"),
        Bot("Headless Chrome", "HeadlessChrome") with { IsAlone = false },

        // Devices with one browser.
        Tv("Xbox", "Xbox"),
        Tv("PlayStation", "PlayStation", "PLAYSTATION"),
        Tv("Nintendo", "Nintendo"),
        Tv("Fire TV", "; AFT"),
        Tv("Apple TV", " AppleTV", "Apple TV"),
        Tv("Roku", " Roku"),
        Tv("LG TV", "Web0S", "webOS.TV", "NetCast"),
        Tv("Samsung TV", "SMART-TV; Linux", "SMART-TV; LINUX"),
        Tv("Smart TV", "SMART-TV", "SmartTV", "Smart TV", "HbbTV/", "CrKey", "GoogleTV", "Google TV", "Android TV", "BRAVIA", "VIDAA/", "VIZIO", "Cobalt/"),
        Tv("Meta Quest", "OculusBrowser/", "; Quest"),

        // Apps that show pages themselves.
        new("Instagram", " Instagram "),
        new("Threads", " Barcelona "),
        new("Messenger", "FBAN/Messenger", "FB_IAB/MESSENGER", "FB_IAB/Orca"),
        new("Facebook", "FBAN/", "FB_IAB/", "FBAV/"),
        new("TikTok", " musical_ly", " trill_", "BytedanceWebview/"),
        new("LinkedIn", "LinkedInApp"),
        new("WeChat", "MicroMessenger/"),
        new("Line", " Line/"),
        new("Snapchat", " Snapchat"),
        new("Pinterest", "[Pinterest/", " Pinterest/"),
        new("Google app", " GSA/"),
        new("X", " Twitter for ", "TwitterAndroid"),
        new("Reddit", " Reddit/"),
        new("Telegram", " Telegram-Android/"),
        new("KakaoTalk", "KAKAOTALK"),
        new("Weibo", "__weibo__"),
        new("Baidu", " baiduboxapp/"),
        new("QQ", " QQ/"),
        new("Outlook", " Outlook-iOS", " Outlook-Android", "Microsoft Outlook"),
        new("Slack", " Slack/", " Slack_SSB/"),
        new("Discord", " discord/", " Discord/"),
        new("Teams", " Teams/"),
        new("Steam", "Valve Steam"),

        // Browsers.
        new("Edge", " Edg/", " EdgA/", " EdgiOS/", " Edge/"),
        new("Opera", " OPR/", " OPT/", " OPX/", " OPiOS/", " Opera/"),
        new("Samsung Internet", " SamsungBrowser/"),
        new("DuckDuckGo", " Ddg/", " DuckDuckGo/"),
        new("Brave", " Brave"),
        new("Vivaldi", " Vivaldi/"),
        new("Yandex Browser", " YaBrowser/", " YaSearchBrowser/"),
        new("UC Browser", " UCBrowser/", " UBrowser/"),
        new("QQ Browser", "QQBrowser/"),
        new("Mi Browser", "MiuiBrowser/"),
        new("Huawei Browser", " HuaweiBrowser/"),
        new("Naver Whale", " Whale/"),
        new("Ecosia", "(Ecosia "),
        new("Silk", " Silk/"),
        new("Firefox Focus", " Focus/", " Klar/"),
        new("Internet Explorer", "Trident/", "MSIE "),
        new("App", "; wv)", " Electron/"),
        new("Firefox", " Firefox/", " FxiOS/"),
        new("Chrome", " Chrome/", " CriOS/", " Chromium/"),
        new("Safari", " Safari/"),
        new("App", " Mobile/"),
        Bot("Bot", "Mozilla/5.0 (compatible"),
        new("Browser", "Mozilla/5.0 ("),
    ];

    private static readonly Row[] Platforms =
    [
        Phone("Windows Phone", "Windows Phone"),
        Tablet("iPad", "iPad"),
        Phone("iPhone", "iPhone"),
        Phone("HarmonyOS", "HarmonyOS", "OpenHarmony"),
        Tablet("Fire tablet", "; KF"),
        Tablet("Kindle", " Kindle/"),
        Phone("Android", "Android"),
        Desktop("ChromeOS", " CrOS "),
        Desktop("Windows", "Windows"),
        Desktop("Mac", "Macintosh", "Mac OS", "macOS"),
        Phone("iOS", "; iOS ", "(iOS "),
        new("Apple device", " Darwin/"),
        Desktop("FreeBSD", "FreeBSD"),
        Desktop("Linux", "Linux", "linux", "X11"),
    ];

    /// <summary>
    /// The kind of device by the name of a program or platform: bot, tool, tv, tablet, phone or desktop. In a label the
    /// program's kind counts before the platform's.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Kinds { get; } = Programs.Concat(Platforms)
        .Where(row => row.Kind is not null).DistinctBy(row => row.Name, StringComparer.Ordinal)
        .ToDictionary(row => row.Name, row => row.Kind!, StringComparer.Ordinal);

    public static string Of(string? userAgent)
    {
        // A space at each end, so that a token may ask for the start or the end of a word.
        var read = userAgent.AsSpan(0, Math.Min(userAgent?.Length ?? 0, LongestRead));
        Span<char> text = stackalloc char[LongestRead + 2];
        text.Fill(' ');
        read.CopyTo(text[1..]);
        text = text[..(read.Length + 2)];

        var program = First(Programs, text);
        var platform = program is { IsAlone: true } ? null : First(Platforms, text);
        return (program, platform) switch
        {
            (null, null) => "Unknown device",
            (null, _) => $"App on {platform.Name}",
            (_, null) => program.Name,
            _ => $"{program.Name} on {platform.Name}",
        };
    }

    private static Row? First(Row[] rows, ReadOnlySpan<char> text)
    {
        foreach (var row in rows)
        {
            foreach (var token in row.Tokens)
            {
                if (text.Contains(token, StringComparison.Ordinal))
                {
                    return row;
                }
            }
        }

        return null;
    }

    private static Row Bot(string name, params string[] tokens) => new(name, tokens) { Kind = "bot", IsAlone = true };

    private static Row Tool(string name, params string[] tokens) => new(name, tokens) { Kind = "tool" };

    private static Row Tv(string name, params string[] tokens) => new(name, tokens) { Kind = "tv", IsAlone = true };

    private static Row Tablet(string name, params string[] tokens) => new(name, tokens) { Kind = "tablet" };

    private static Row Phone(string name, params string[] tokens) => new(name, tokens) { Kind = "phone" };

    private static Row Desktop(string name, params string[] tokens) => new(name, tokens) { Kind = "desktop" };

    private sealed record Row(string Name, params string[] Tokens)
    {
        /// <summary>The kind of device; null where the name does not tell.</summary>
        public string? Kind { get; init; }

        /// <summary>Whether the label leaves out the platform.</summary>
        public bool IsAlone { get; init; }
    }
}
