using System.Collections;

namespace Shop;

/// <summary>The first few cases in which a sink differs from the source, for whoever looks for the cause.</summary>
public sealed class Examples : IEnumerable<string>
{
    private const int AtMost = 10;

    private readonly List<string> kept = [];

    public void Add(string example)
    {
        if (kept.Count < AtMost)
        {
            kept.Add(example);
        }
    }

    public IEnumerator<string> GetEnumerator() => kept.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
