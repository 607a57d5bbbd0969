namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class DeviceLabelTests
{
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
    private const string Mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
    private const string Linux = "Mozilla/5.0 (X11; Linux x86_64)";
    private const string Android = "Mozilla/5.0 (Linux; Android 10; K)";
    private const string IPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    private const string IPad = "Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    private const string WebView = "Mozilla/5.0 (Linux; Android 16; SM-S926U Build/BP4A.251205.006; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/153.0.8010.36 Mobile Safari/537.36";
    private const string Blink = "AppleWebKit/537.36 (KHTML, like Gecko)";

    [TestCase($"{Windows} {Blink} Chrome/154.0.0.0 Safari/537.36", "Chrome on Windows")]
    [TestCase($"{Mac} {Blink} Chrome/145.0.0.0 Safari/537.36", "Chrome on Mac")]
    [TestCase($"{Linux} {Blink} Chrome/152.0.0.0 Safari/537.36", "Chrome on Linux")]
    [TestCase($"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {Blink} Chrome/152.0.0.0 Safari/537.36", "Chrome on ChromeOS")]
    [TestCase($"Mozilla/5.0 (X11; FreeBSD amd64) {Blink} Chrome/140.0.0.0 Safari/537.36", "Chrome on FreeBSD")]
    [TestCase($"{Linux} {Blink} Ubuntu Chromium/140.0.7339.80 Chrome/140.0.7339.80 Safari/537.36", "Chrome on Linux")]
    [TestCase("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:156.0) Gecko/20100101 Firefox/156.0", "Firefox on Windows")]
    [TestCase("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Mac")]
    [TestCase("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:154.0) Gecko/20100101 Firefox/154.0", "Firefox on Linux")]
    [TestCase("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux")]
    [TestCase($"{Mac} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.6.2 Safari/605.1.15", "Safari on Mac")]
    [TestCase($"{Windows} {Blink} Chrome/154.0.0.0 Safari/537.36 Edg/154.0.0.0", "Edge on Windows")]
    [TestCase($"{Mac} {Blink} Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0", "Edge on Mac")]
    [TestCase($"{Linux} {Blink} Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0", "Edge on Linux")]
    [TestCase($"{Windows} {Blink} Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763", "Edge on Windows")]
    [TestCase($"{Windows} {Blink} Chrome/152.0.0.0 Safari/537.36 OPR/136.0.0.0 (Edition std-2)", "Opera on Windows")]
    [TestCase($"{Linux} {Blink} Chrome/138.0.0.0 Safari/537.36 OPR/122.0.0.0", "Opera on Linux")]
    [TestCase($"{Windows} {Blink} Chrome/138.0.0.0 Safari/537.36 Vivaldi/7.5.3735.54", "Vivaldi on Windows")]
    [TestCase($"{Linux} {Blink} Chrome/140.0.7339.63 YaBrowser/25.10.6.63.00 SA/3 Safari/537.36", "Yandex Browser on Linux")]
    [TestCase($"{Mac} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.6 Safari/605.1.15 Ddg/26.6", "DuckDuckGo on Mac")]
    [TestCase($"{Windows} {Blink} Chrome/138.0.0.0 Whale/4.33.325.17 Safari/537.36", "Naver Whale on Windows")]
    [TestCase("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer on Windows")]
    [TestCase("Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)", "Internet Explorer on Windows")]
    [TestCase("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "Safari on Linux")]
    [TestCase("Mozilla/5.0 (Linux; x86_64) Ladybird/1.0", "Browser on Linux")]
    public void A_desktop_browser_is_named_with_its_system(string userAgent, string label) =>
        Assert.That(DeviceLabel.Of(userAgent), Is.EqualTo(label));

    [TestCase($"{Android} {Blink} Chrome/153.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [TestCase($"Mozilla/5.0 (Linux; Android 15; Pixel 9) {Blink} Chrome/151.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [TestCase($"{Android} {Blink} Chrome/138.0.0.0 Safari/537.36", "Chrome on Android")]
    [TestCase($"{Android} {Blink} SamsungBrowser/30.0 Chrome/143.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android")]
    [TestCase("Mozilla/5.0 (Android 16; Mobile; rv:156.0) Gecko/156.0 Firefox/156.0", "Firefox on Android")]
    [TestCase("Mozilla/5.0 (Linux; Android 7.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Klar/1.0 Chrome/58.0.3029.83 Mobile Safari/537.36", "Firefox Focus on Android")]
    [TestCase($"{Android} {Blink} Chrome/139.0.0.0 Mobile Safari/537.36 EdgA/139.0.0.0", "Edge on Android")]
    [TestCase($"{Android} {Blink} Chrome/137.0.0.0 Mobile Safari/537.36 OPR/91.0.0.0", "Opera on Android")]
    [TestCase($"Mozilla/5.0 (Linux; arm_64; Android 12; CTR-L81) {Blink} Chrome/150.0.7871.119 YaBrowser/26.8.3.119.00 Mobile Safari/537.36", "Yandex Browser on Android")]
    [TestCase($"{Android} {Blink} Chrome/150.0.0.0 Mobile Safari/537.36 (Ecosia android@150.0.0.0)", "Ecosia on Android")]
    [TestCase($"Mozilla/5.0 (Linux; Android 8.1.0) {Blink} Version/4.0 Chrome/92.0.4515.131 Mobile DuckDuckGo/5 Safari/537.36", "DuckDuckGo on Android")]
    [TestCase($"Mozilla/5.0 (Linux; U; Android 14; en-us; 2201117TG Build/UKQ1.231108.001) {Blink} Version/4.0 Chrome/119.0.6045.193 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.31.0-gn", "Mi Browser on Android")]
    [TestCase($"Mozilla/5.0 (Linux; U; Android 13; en-US; CPH2387 Build/TP1A.220905.001) {Blink} Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.7.5.1321 Mobile Safari/537.36", "UC Browser on Android")]
    [TestCase($"Mozilla/5.0 (Linux; U; Android 9; zh-cn; vivo X21 Build/PKQ1.180819.001) {Blink} Version/4.0 Chrome/66.0.3359.126 MQQBrowser/9.9 Mobile Safari/537.36", "QQ Browser on Android")]
    [TestCase($"Mozilla/5.0 (Linux; Android 12; HarmonyOS; ANA-AN00; HMSCore 6.8.0.332) {Blink} Chrome/99.0.4844.88 HuaweiBrowser/13.0.3.301 Mobile Safari/537.36", "Huawei Browser on HarmonyOS")]
    [TestCase($"Mozilla/5.0 (Phone; OpenHarmony 5.0) {Blink} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile", "Chrome on HarmonyOS")]
    [TestCase($"Mozilla/5.0 (Linux; Android 11; KFTUWI) {Blink} Silk/138.3.1 like Chrome/138.0.7204.157 Safari/537.36", "Silk on Fire tablet")]
    [TestCase("Mozilla/5.0 (X11; U; Linux armv7l like Android; en-us) AppleWebKit/531.2+ (KHTML, like Gecko) Version/5.0 Safari/533.2+ Kindle/3.0+", "Safari on Kindle")]
    [TestCase($"{IPhone} Version/26.6.1 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [TestCase($"{IPad} Version/27.0 Mobile/15E148 Safari/604.1", "Safari on iPad")]
    [TestCase("Mozilla/5.0 (iPhone; CPU iPhone OS 26_6_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/154.0.8037.55 Mobile/15E148 Safari/604.1", "Chrome on iPhone")]
    [TestCase("Mozilla/5.0 (iPad; CPU OS 26_6_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/154.0.8037.55 Mobile/15E148 Safari/604.1", "Chrome on iPad")]
    [TestCase($"{IPhone} FxiOS/156.1 Mobile/15E148 Safari/604.1", "Firefox on iPhone")]
    [TestCase("Mozilla/5.0 (iPhone; CPU iPhone OS 26_6_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) EdgiOS/153.0.4234.46 Version/26.0 Mobile/15E148 Safari/604.1", "Edge on iPhone")]
    [TestCase($"{IPhone} Version/26.6 Mobile/15E148 Safari/604.1 OPT/6.7.3", "Opera on iPhone")]
    [TestCase($"{IPhone} Version/26.6 Mobile/15E148 Safari/604.1 Ddg/26.6", "DuckDuckGo on iPhone")]
    [TestCase($"{IPad} Version/26.5.2 Mobile/15E148 Safari/604.1 Brave", "Brave on iPad")]
    [TestCase("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063", "Edge on Windows Phone")]
    public void A_browser_of_a_phone_or_tablet_is_named_with_it(string userAgent, string label) =>
        Assert.That(DeviceLabel.Of(userAgent), Is.EqualTo(label));

    [TestCase($"{IPhone} Mobile/15E148 Instagram 391.0.0.25.82 (iPhone16,2; iOS 18_7; en_US; en; scale=3.00; 1290x2796; 757483223)", "Instagram on iPhone")]
    [TestCase($"{WebView} Instagram 390.0.0.43.81 Android (36/16; 450dpi; 1080x2340; samsung; SM-S926U; e2q; qcom; en_US; 754678230; IABMV/1)", "Instagram on Android")]
    [TestCase($"{WebView} Barcelona 448.0.0.54.85 Android (36/16; 540dpi; 1080x2340; samsung; SM-S926U; e2q; qcom; en_US; 1073639361)", "Threads on Android")]
    [TestCase($"{WebView} [FB_IAB/FB4A;FBAV/523.0.0.50.90;IABMV/1;]", "Facebook on Android")]
    [TestCase($"{IPhone} Mobile/15E148 [FBAN/FBIOS;FBAV/523.0.0.43.97;FBBV/775832745;FBDV/iPhone16,2;FBMD/iPhone;FBSN/iOS;FBSV/18.7;FBSS/3;FBID/phone;FBLC/en_US;FBOP/5]", "Facebook on iPhone")]
    [TestCase($"{IPad} Mobile/15E148 [FBAN/FBIOS;FBDV/iPad14,3;FBMD/iPad;FBSN/iPadOS;FBSV/18.7;FBSS/2;FBID/tablet;FBLC/de_DE;FBOP/5]", "Facebook on iPad")]
    [TestCase($"{WebView} [FB_IAB/Orca-Android;FBAV/520.0.0.47.109;]", "Messenger on Android")]
    [TestCase($"{IPhone} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/520.0.0.33.107;FBDV/iPhone15,3;FBMD/iPhone;FBSN/iOS]", "Messenger on iPhone")]
    [TestCase($"{WebView} musical_ly_2022803040 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/musical_ly app_version/41.5.3 ByteLocale/en BytedanceWebview/d8a21c6", "TikTok on Android")]
    [TestCase("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari/604.1 trill_43.0.0 BytedanceWebview/d8a21c6", "TikTok on iPhone")]
    [TestCase($"{IPhone} Mobile/15E148 [LinkedInApp]/9.31.4621", "LinkedIn on iPhone")]
    [TestCase($"{IPhone} Mobile/15E148 MicroMessenger/8.0.61(0x18003d2c) NetType/WIFI Language/zh_CN", "WeChat on iPhone")]
    [TestCase($"{Windows} {Blink} Chrome/132.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090a13) XWEB/14315", "WeChat on Windows")]
    [TestCase($"{WebView} Line/15.13.1/IAB", "Line on Android")]
    [TestCase($"{IPhone} Mobile/15E148 Safari Line/15.13.0", "Line on iPhone")]
    [TestCase($"{IPhone} Version/26.6.1 Mobile/15E148 Snapchat/14.25.0.48 (like Safari/8624.5.1.10.3, panda)", "Snapchat on iPhone")]
    [TestCase($"{IPhone} Mobile/15E148 [Pinterest/iOS]", "Pinterest on iPhone")]
    [TestCase($"{WebView} [Pinterest/Android]", "Pinterest on Android")]
    [TestCase("Mozilla/5.0 (iPhone; CPU iPhone OS 26_6_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/439.4.980558000 Mobile/15E148 Safari/604.1", "Google app on iPhone")]
    [TestCase($"{WebView} GSA/16.29.32.sa.arm64", "Google app on Android")]
    [TestCase($"{IPhone} Mobile/15E148 Twitter for iPhone/11.20", "X on iPhone")]
    [TestCase($"{WebView} TwitterAndroid", "X on Android")]
    [TestCase($"{WebView} Telegram-Android/11.13.0 (Samsung SM-S926U; Android 16; SDK 36; HIGH)", "Telegram on Android")]
    [TestCase($"{WebView};KAKAOTALK 25.7.2", "KakaoTalk on Android")]
    [TestCase("Mozilla/5.0 (iPhone; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/16A366 Weibo (iPhone8,2__weibo__8.9.3__iphone__os12.0)", "Weibo on iPhone")]
    [TestCase($"{Mac} {Blink} Slack/4.45.64 Chrome/138.0.7204.49 Electron/37.1.0 Safari/537.36", "Slack on Mac")]
    [TestCase($"{Windows} {Blink} discord/1.0.9203 Chrome/134.0.6998.205 Electron/35.3.0 Safari/537.36", "Discord on Windows")]
    [TestCase($"{Windows} {Blink} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0 Teams/25163.3001.3726.6503", "Teams on Windows")]
    [TestCase($"Mozilla/5.0 (Windows NT 10.0; Win64; x64; Valve Steam GameOverlay/default/1741737356) {Blink} Chrome/126.0.6478.183 Safari/537.36", "Steam on Windows")]
    [TestCase($"{IPhone} Mobile/16C101 main%2F1.0 baiduboxapp/11.12.0.18 (Baidu; P2 12.1.2)", "Baidu on iPhone")]
    [TestCase("Reddit/Version 2025.29.0/Build 2529021/Android 15", "Reddit on Android")]
    [TestCase("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18925; Pro)", "Outlook on Windows")]
    [TestCase(WebView, "App on Android")]
    [TestCase($"{IPhone} Mobile/15E148", "App on iPhone")]
    [TestCase($"{Windows} {Blink} Trae/1.107.1 Chrome/142.0.7444.235 Electron/39.2.7 Safari/537.36", "App on Windows")]
    [TestCase("Dalvik/2.1.0 (Linux; U; Android 15; SM-A155F Build/AP3A.240905.015)", "App on Android")]
    [TestCase("MyBank/5.2 (com.example.bank; build:118; iOS 18.6.0) Alamofire/5.10.2", "App on iOS")]
    [TestCase("MyBank/118 CFNetwork/3826.600.41 Darwin/24.6.0", "App on Apple device")]
    public void A_page_inside_an_app_is_named_for_the_app(string userAgent, string label) =>
        Assert.That(DeviceLabel.Of(userAgent), Is.EqualTo(label));

    [TestCase("curl/8.14.1", "curl")]
    [TestCase("curl/7.29.0 (x86_64-redhat-linux-gnu) libcurl/7.29.0 NSS/3.53.1", "curl on Linux")]
    [TestCase("Wget/1.25.0", "Wget")]
    [TestCase("Wget/1.21.4 (linux-gnu)", "Wget on Linux")]
    [TestCase("PostmanRuntime/7.45.0", "Postman")]
    [TestCase("insomnia/11.4.0", "Insomnia")]
    [TestCase("HTTPie/3.2.4", "HTTPie")]
    [TestCase("Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.19041.5737", "PowerShell on Windows")]
    [TestCase("Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.26100; en-US) PowerShell/7.5.2", "PowerShell on Windows")]
    [TestCase("python-requests/2.32.4", "Python requests")]
    [TestCase("Python/3.13 aiohttp/3.12.15", "Python http client")]
    [TestCase("python-httpx/0.28.1", "Python http client")]
    [TestCase("Python-urllib/3.13", "Python http client")]
    [TestCase("Go-http-client/2.0", "Go http client")]
    [TestCase("Java-http-client/21.0.7", "Java http client")]
    [TestCase("Java/1.8.0_451", "Java http client")]
    [TestCase("Apache-HttpClient/4.5.14 (Java/17.0.12)", "Java http client")]
    [TestCase("okhttp/4.12.0", "okhttp")]
    [TestCase("axios/1.11.0", "axios")]
    [TestCase("node", "Node.js")]
    [TestCase("undici", "Node.js")]
    [TestCase("node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "Node.js")]
    [TestCase("got (https://github.com/sindresorhus/got)", "Node.js")]
    [TestCase("Deno/2.4.3", "Node.js")]
    [TestCase("Ruby", "Http client")]
    [TestCase("reqwest/0.12.22", "Http client")]
    [TestCase("GuzzleHttp/7", "Http client")]
    [TestCase("Dart/3.8 (dart:io)", "Http client")]
    [TestCase("RestSharp/112.1.0.0", ".NET HttpClient")]
    [TestCase("Microsoft ASP.NET Core OpenIdConnect handler", ".NET HttpClient")]
    [TestCase("git/2.50.1", "Git")]
    [TestCase($"{Linux} {Blink} HeadlessChrome/138.0.0.0 Safari/537.36", "Headless Chrome on Linux")]
    public void A_tool_is_named_with_its_system_only_when_it_says_one(string userAgent, string label) =>
        Assert.That(DeviceLabel.Of(userAgent), Is.EqualTo(label));

    [TestCase("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot")]
    [TestCase("Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.7204.183 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot")]
    [TestCase("Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)", "Googlebot")]
    [TestCase("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36", "Bingbot")]
    [TestCase("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", "Bot")]
    [TestCase("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "Bot")]
    [TestCase("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)", "Bot")]
    [TestCase("Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", "Bot")]
    [TestCase("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "Bot")]
    [TestCase("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "Bot")]
    [TestCase("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "Bot")]
    [TestCase("meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)", "Bot")]
    [TestCase("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Bot")]
    [TestCase("Twitterbot/1.0", "Bot")]
    [TestCase("LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)", "Bot")]
    [TestCase("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "Bot")]
    [TestCase("TelegramBot (like TwitterBot)", "Bot")]
    [TestCase("Scrapy/2.13.3 (+https://scrapy.org)", "Bot")]
    [TestCase("Mozilla/5.0 (compatible; SimpleScraper)", "Bot")]
    [TestCase("ELB-HealthChecker/2.0", "Bot")]
    [TestCase("kube-probe/1.33", "Bot")]
    [TestCase("Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse", "Bot")]
    [TestCase("WhatsApp/2.23.20.0 A", "WhatsApp")]
    public void A_robot_is_named_without_the_system_it_claims(string userAgent, string label) =>
        Assert.That(DeviceLabel.Of(userAgent), Is.EqualTo(label));

    [TestCase("Mozilla/5.0 (PlayStation; PlayStation 5/11.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15", "PlayStation")]
    [TestCase("Mozilla/5.0 (PlayStation 4 12.50) AppleWebKit/605.1.15 (KHTML, like Gecko)", "PlayStation")]
    [TestCase($"Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox Series X) {Blink} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0", "Xbox")]
    [TestCase("Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/613.0 (KHTML, like Gecko) NF/6.0.3.25.0 NintendoBrowser/5.1.0.32061", "Nintendo")]
    [TestCase($"Mozilla/5.0 (Web0S; Linux/SmartTV) {Blink} Chrome/120.0.6099.270 Safari/537.36 WebAppManager", "LG TV")]
    [TestCase($"Mozilla/5.0 (SMART-TV; LINUX; Tizen 8.0) {Blink} 108.0.5359.1/8.0 TV Safari/537.36", "Samsung TV")]
    [TestCase($"Mozilla/5.0 (Linux; Android 12; BRAVIA 4K VH22 Build/STT2.230203.001; wv) {Blink} Version/4.0 Chrome/138.0.7204.63 Mobile Safari/537.36", "Smart TV")]
    [TestCase($"Mozilla/5.0 (Linux; Android) {Blink} Chrome/114.0.5735.196 Safari/537.36 CrKey/1.56.500000 DeviceType/SmartSpeaker", "Smart TV")]
    [TestCase($"Mozilla/5.0 (Linux; Android 9; AFTMM Build/PS7704.4987N; wv) {Blink} Version/4.0 Chrome/138.0.7204.63 Mobile Safari/537.36", "Fire TV")]
    [TestCase("Roku/DVP-14.5 (14.5.4.5934-C2)", "Roku")]
    [TestCase("AppleTV14,1/18.6", "Apple TV")]
    [TestCase($"Mozilla/5.0 (X11; Linux x86_64; Quest 3) {Blink} OculusBrowser/39.2.0.13.40 Chrome/136.0.7103.177 VR Safari/537.36", "Meta Quest")]
    public void A_console_television_or_headset_is_named_alone(string userAgent, string label) =>
        Assert.That(DeviceLabel.Of(userAgent), Is.EqualTo(label));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("   ")]
    [TestCase("-")]
    [TestCase("Mozilla/5.0")]
    [TestCase("hanzo")]
    [TestCase("Online/1.0 firefox chrome")]
    public void What_is_not_recognised_is_an_unknown_device(string? userAgent) =>
        Assert.That(DeviceLabel.Of(userAgent), Is.EqualTo("Unknown device"));

    // Not test cases: an attribute cannot hold a lone surrogate, nor a report a control character.
    [Test]
    public void A_hostile_user_agent_puts_none_of_its_text_into_the_label()
    {
        (string UserAgent, string Label)[] hostile =
        [
            ("Mozilla/5.0 (Windows NT 10.0; <script>alert(1)</script>) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
            ("Firefox/1 Firefox/2 Firefox/\" onload=\"alert(1)", "Firefox"),
            ("Firefox/140.0 Chrome/138.0 Safari/537.36 Edg/138.0 (Windows; Android; iPhone; iPad)", "Edge on iPad"),
            ("Firefox/140.0 on Windows\r\nSet-Cookie: a=b", "Firefox on Windows"),
            ("Firefox/140.0\0 (X11\u202e; Linux)\u2028", "Firefox on Linux"),
            ("\ud83d Firefox/140.0 Windows\udc00", "Firefox on Windows"),
            ("{0} {1} %s %n ${jndi:ldap://x} Firefox/1 Android", "Firefox on Android"),
            ("\ud83dFirefox/140.0", "Unknown device"),
            ("\ud800\udfff\udc00", "Unknown device"),
            ("\0\u0001\u001b[31m\r\n\u007f", "Unknown device"),
            ("Firef\u00adox/140.0 Win\u200bdows", "Unknown device"),
            ("\uff26\uff49refox/140.0 \uff37indows", "Unknown device"),
        ];

        using (Assert.EnterMultipleScope())
        {
            foreach (var (userAgent, label) in hostile)
            {
                Assert.That(DeviceLabel.Of(userAgent), Is.EqualTo(label), userAgent);
            }
        }
    }

    [Test]
    public void A_megabyte_is_read_like_its_first_512_characters()
    {
        const string known = " Firefox/140.0 Windows";

        using (Assert.EnterMultipleScope())
        {
            foreach (var filler in "a \0\ud800")
            {
                Assert.That(DeviceLabel.Of(new string(filler, 1_000_000) + known), Is.EqualTo("Unknown device"));
                Assert.That(DeviceLabel.Of(known + new string(filler, 1_000_000)), Is.EqualTo("Firefox on Windows"));
            }
        }
    }

    [Test]
    public void A_token_that_ends_at_character_512_is_read_and_one_that_ends_after_it_is_not()
    {
        const string token = " Firefox/";
        var filler = new string('x', 512 - token.Length);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(DeviceLabel.Of(filler + token), Is.EqualTo("Firefox"));
            Assert.That(DeviceLabel.Of("x" + filler + token), Is.EqualTo("Unknown device"));
        }
    }

    [Test]
    public void A_label_of_any_mixture_is_short_and_made_of_plain_characters()
    {
        string[] pieces = ["Firefox/", " Chrome/1", " Edg/", "Windows", "Android", "iPhone", "; wv)", "Mozilla/5.0 (", "<b>", "&", "\"", "'", "\0", "\u202e", "\ud800", "\n", "\u00e9", "bot", "/", " ", "Instagram ", "+http", "%00", "\\"];
        var random = new Random(20260101);

        for (var round = 0; round < 20_000; round++)
        {
            var label = DeviceLabel.Of(string.Concat(random.GetItems(pieces, random.Next(0, 40))));

            Assert.That(label, Does.Match(@"\A[A-Za-z0-9. ]{1,40}\z"));
        }
    }

    [Test, Description("Every kind of device has an icon")]
    public void A_kind_is_told_by_the_program_or_else_by_the_platform()
    {
        Assert.That(DeviceLabel.Kinds.Values.Distinct(StringComparer.Ordinal), Is.EquivalentTo(["bot", "tool", "tv", "tablet", "phone", "desktop"]));
        Assert.That((DeviceLabel.Kinds["curl"], DeviceLabel.Kinds["Linux"]), Is.EqualTo(("tool", "desktop")));
        Assert.That(DeviceLabel.Kinds, Does.Not.ContainKey("Firefox").And.Not.ContainKey("App"));
        Assert.That(DeviceLabel.Kinds.Values, Has.All.Matches<string>(kind => PageAssets.Text("icons.js").Contains($"  {kind}: ", StringComparison.Ordinal)));
    }
}
