using Hanzo.Sessions.ProofTests.CrashWorker;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>What one client was told about one user's sessions: all that must hold, and at most one operation without an answer.</summary>
internal sealed class UserLedger(string name)
{
    public SessionUser User { get; } = new(CrashClient.Organization, name);

    /// <summary>The sessions that must be active, with their tokens.</summary>
    public Dictionary<SessionId, string> Active { get; } = [];

    /// <summary>The sessions whose end was answered.</summary>
    public Dictionary<SessionId, string> Ended { get; } = [];

    /// <summary>The sessions that nothing may know any more, with their last tokens.</summary>
    public Dictionary<SessionId, string> Forgotten { get; } = [];

    /// <summary>The tokens that a rotation has replaced.</summary>
    public List<string> Replaced { get; } = [];

    /// <summary>What has begun and was not answered, or was answered with a failure.</summary>
    public CrashEvent? Open { get; private set; }

    /// <summary>What cannot be, with what was known before it.</summary>
    public CrashEvent? Contradiction { get; private set; }

    public void Record(CrashEvent step)
    {
        Open = step.Step == CrashStep.Done ? null : step;
        if (step.Step == CrashStep.Contradicted)
        {
            Contradiction = step;
        }

        if (step.Step != CrashStep.Done)
        {
            return;
        }

        switch (step.Operation)
        {
            case CrashOperation.Create:
                Active.Add(step.Id!.Value, step.Token!);
                break;
            case CrashOperation.Rotate:
                Replaced.Add(Active[step.Id!.Value]);
                Active[step.Id.Value] = step.Token!;
                break;
            case CrashOperation.Terminate or CrashOperation.MoveAway:
                Active.Remove(step.Id!.Value, out var token);
                Ended.Add(step.Id.Value, token!);
                break;
            case CrashOperation.Forget:
                foreach (var (id, last) in Active.Concat(Ended))
                {
                    Forgotten.Add(id, last);
                }

                Active.Clear();
                Ended.Clear();
                break;
            default:
                foreach (var (id, last) in Active)
                {
                    Ended.Add(id, last);
                }

                Active.Clear();
                break;
        }
    }
}
