namespace Hanzo.Sessions.AspNetCore;

/// <summary>Names the device behind a user agent in words from its own tables only ("Firefox on Windows"), so that a label is safe to show.</summary>
internal static class DeviceLabel
{
    private const int LongestRead = 512;

    // The first row with a token in the user agent wins: what imitates another stands above it (Edge, then Chrome, then Safari).
    private static readonly Row[] Programs =
    [
        // Robots, whose platform is a pretence.
        Alone("Googlebot", "Googlebot", "GoogleOther", "Google-InspectionTool", "AdsBot-Google", "Mediapartners-Google"),
        Alone("Bingbot", "bingbot", "BingPreview/"),
        Alone("WhatsApp", " WhatsApp/"),

        // Programs of programmers, above "Bot" because some carry the address of their documentation.
        new("Postman", "PostmanRuntime/", " Postman/"),
        new("Insomnia", " insomnia/"),
        new("PowerShell", "PowerShell/"),
        new("HTTPie", " HTTPie/"),
        new("Wget", " Wget/", " Wget2/"),
        new("Python requests", " python-requests/"),
        new("Python http client", " aiohttp/", " python-httpx/", "Python-urllib", " python-urllib3/"),
        new("Go http client", " Go-http-client/", " go-resty/"),
        new("okhttp", " okhttp/"),
        new("Java http client", " Java/", " Java-http-client/", "Apache-HttpClient/", " ReactorNetty/"),
        new("axios", " axios/"),
        new("Node.js", " node ", " undici ", " node-fetch", " node-superagent/", "sindresorhus/got", " Bun/", " Deno/"),
        new(".NET HttpClient", " RestSharp/", "Microsoft ASP.NET Core"),
        new("Http client", "GuzzleHttp/", "Symfony HttpClient", " Ruby ", " Faraday v", " http.rb/", " rest-client/", " reqwest/", " ureq/", " libwww-perl/", "(dart:io)"),
        new("Git", " git/"),
        new("curl", " curl/", "libcurl"),
        Alone("Bot", "bot/", "Bot/", "BOT/", "bot)", "Bot)", "bot;", "Bot;", "bot-", "Bot-", "Bot ", "bot (", "robot", "Robot", "crawl", "Crawl", "spider", "Spider", "+http", "ELB-HealthChecker", "kube-probe/", "GoogleHC/", "Pingdom", "facebookexternalhit", "meta-external", "Lighthouse"),
        new("Headless Chrome", "HeadlessChrome"),

        // Devices with one browser.
        Alone("Xbox", "Xbox"),
        Alone("PlayStation", "PlayStation", "PLAYSTATION"),
        Alone("Nintendo", "Nintendo"),
        Alone("Fire TV", "; AFT"),
        Alone("Apple TV", " AppleTV", "Apple TV"),
        Alone("Roku", " Roku"),
        Alone("LG TV", "Web0S", "webOS.TV", "NetCast"),
        Alone("Samsung TV", "SMART-TV; Linux", "SMART-TV; LINUX"),
        Alone("Smart TV", "SMART-TV", "SmartTV", "Smart TV", "HbbTV/", "CrKey", "GoogleTV", "Google TV", "Android TV", "BRAVIA", "VIDAA/", "VIZIO", "Cobalt/"),
        Alone("Meta Quest", "OculusBrowser/", "; Quest"),

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
        Alone("Bot", "Mozilla/5.0 (compatible"),
        new("Browser", "Mozilla/5.0 ("),
    ];

    private static readonly Row[] Platforms =
    [
        new("Windows Phone", "Windows Phone"),
        new("iPad", "iPad"),
        new("iPhone", "iPhone"),
        new("HarmonyOS", "HarmonyOS", "OpenHarmony"),
        new("Fire tablet", "; KF"),
        new("Kindle", " Kindle/"),
        new("Android", "Android"),
        new("ChromeOS", " CrOS "),
        new("Windows", "Windows"),
        new("Mac", "Macintosh", "Mac OS", "macOS"),
        new("iOS", "; iOS ", "(iOS "),
        new("Apple device", " Darwin/"),
        new("FreeBSD", "FreeBSD"),
        new("Linux", "Linux", "linux", "X11"),
    ];

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

    private static Row Alone(string name, params string[] tokens) => new(name, tokens) { IsAlone = true };

    private sealed record Row(string Name, params string[] Tokens)
    {
        public bool IsAlone { get; init; }
    }
}
