namespace Hanzo.Sessions.Tests;

public sealed class ExpiryWheelTests
{
    [Test, Description("K1 memory follows the sessions there are, not those there were")]
    public async Task Signing_in_and_out_again_and_again_leaves_nothing_behind()
    {
        var node = new SessionNode((await new Harness().SignIn()).Session, SessionToken.New().Hash());
        var wheel = new ExpiryWheel();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 250_000; i++)
        {
            wheel.File(node);
            wheel.Remove(node);
        }

        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(1_000_000));
        GC.KeepAlive(wheel);
    }
}
