namespace Hanzo.Sessions.AspNetCore.Tests.Access.TenantMatrix;

public sealed class TenantMatrixTests
{
    [Test, Description("L4 HTTP nothing leaks or changes across the border of an organization: every route, every parameter, every kind of caller")]
    public async Task Nobody_sees_or_ends_what_is_not_theirs()
    {
        List<string> wrong = [];
        HashSet<string> templates = [];
        var (cases, callers) = (0, 0);
        var world = await MatrixWorld.MakeAsync();
        foreach (var route in MatrixRoutes.All)
        {
            callers = world.Callers.Count;
            templates.Add(route.Template(world));
            for (var index = 0; index < callers; index++)
            {
                var caller = world.Callers[index];
                var expected = route.Outcome(world, caller);
                var answer = await route.SendAsync(world, caller);
                var changed = await world.ChangedAsync();
                wrong.AddRange(Differences(world, expected, answer, changed).Select(it => $"{route.Method} {route.Path(world)} by {caller.Name}: {it}"));
                cases++;
                if (changed.Count > 0)
                {
                    await world.DisposeAsync();
                    world = await MatrixWorld.MakeAsync();
                }
            }
        }

        await world.DisposeAsync();
        await TestContext.Progress.WriteLineAsync($"matrix routes={templates.Count} requests={MatrixRoutes.All.Count} callers={callers} cases={cases}");
        Assert.That(wrong, Is.Empty);
        Assert.That((templates.Count, cases), Is.EqualTo((19, MatrixRoutes.All.Count * 15)));
    }

    private static IEnumerable<string> Differences(MatrixWorld world, MatrixOutcome expected, Answer answer, IReadOnlyList<Session> changed)
    {
        if (answer.Status != expected.Status)
        {
            yield return $"answered {answer.Status} and not {expected.Status}: {answer.Body}";
        }

        if (expected.Body is { } body && !string.Equals(body, answer.Body, StringComparison.Ordinal))
        {
            yield return $"answered {answer.Body} and not {body}";
        }

        var marks = world.All.SelectMany(it => new[] { $"{it.Id}", it.IpAddress }).OfType<string>();
        var shown = marks.Where(it => answer.Whole.Contains(it, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        if (!shown.SetEquals(expected.Shown))
        {
            yield return $"showed {string.Join(' ', shown.Order(StringComparer.Ordinal))} and not {string.Join(' ', expected.Shown.Order(StringComparer.Ordinal))}";
        }

        if (!changed.Select(it => it.Id).ToHashSet().SetEquals(expected.Ended.Select(it => it.Id)) || changed.Any(it => it.End is null))
        {
            yield return $"changed {string.Join(' ', changed.Select(it => it.Id))} and not {string.Join(' ', expected.Ended.Select(it => it.Id))}";
        }
    }
}
