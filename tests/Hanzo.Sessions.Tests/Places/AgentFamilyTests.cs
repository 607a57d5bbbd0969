namespace Hanzo.Sessions.Tests;

public sealed class AgentFamilyTests
{
    [TestCase("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36", "Mozilla/5.0 (Windows NT 11.0; Win64; x64) Chrome/141.2 Safari/538.1", true, Description = "U5 an update of the browser")]
    [TestCase("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", true, Description = "U5 an update of the browser")]
    [TestCase("Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) Mobile/15E148", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0_1 like Mac OS X) Mobile/22A3354", true, Description = "U5 an update of the phone")]
    [TestCase("Dalvik/2.1.0 (Linux; U; Android 13; SM-G991B Build/TP1A.220624.014)", "Dalvik/2.1.0 (Linux; U; Android 14; SM-G991B Build/UP1A.231005.007)", true, Description = "U5 an update of the phone")]
    [TestCase("curl/7.88.1", "curl/8.0.0-DEV", true, Description = "U5 an update of a program")]
    [TestCase("MyApp", "MyApp", true, Description = "U5 a program without a version")]
    [TestCase("Dalvik/2.1.0 (Linux; Android 13; SM-G991B)", "Dalvik/2.1.0 (Linux; Android 13; SM-G998B)", false, Description = "U5 another phone")]
    [TestCase("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0", "Mozilla/5.0 (X11; Linux x86_64) Edg/140.0", false, Description = "U5 another browser")]
    [TestCase("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0", "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0", false, Description = "U5 another system")]
    [TestCase("curl/8.5.0", "curl/8.5.0 extra", false, Description = "U5 one is longer")]
    [TestCase("curl", "", false, Description = "U5 one is empty")]
    [TestCase("1.2", "3", true, Description = "U5 nothing but a version")]
    public void Agents_are_of_one_family_when_only_their_versions_differ(string one, string other, bool same)
    {
        Assert.That(AgentFamily.AreSame(one, other), Is.EqualTo(same));
        Assert.That(AgentFamily.AreSame(other, one), Is.EqualTo(same));
        Assert.That(AgentFamily.Hash(one) == AgentFamily.Hash(other), Is.EqualTo(same));
    }
}
