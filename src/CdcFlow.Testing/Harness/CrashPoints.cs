namespace CdcFlow.Testing;

/// <summary>Crash points as rows for data-driven tests, of any test framework.</summary>
public static class CrashPoints
{
    /// <summary>Every crash point, each as the one argument of a test: <c>[MemberData(nameof(CrashPoints.All), MemberType = typeof(CrashPoints))]</c>.</summary>
    public static IEnumerable<object[]> All() => Enum.GetValues<CrashPoint>().Select(point => new object[] { point });
}
