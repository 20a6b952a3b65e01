namespace CdcFlow.Generators.Locking;

/// <summary>A value of a JSON file, and the line that it begins on.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="value">A string, a bool, a double, null, a list of nodes, or nodes by name.</param>
internal sealed class JsonNode(int line, object? value)
{
    public int Line { get; } = line;

    /// <summary>The values of an object, in order.</summary>
    /// <exception cref="LockFormatException">It is none.</exception>
    public IReadOnlyList<KeyValuePair<string, JsonNode>> Members(string what) => As<IReadOnlyList<KeyValuePair<string, JsonNode>>>(what, "an object");

    /// <summary>The values of a list.</summary>
    /// <exception cref="LockFormatException">It is none.</exception>
    public IReadOnlyList<JsonNode> Items(string what) => As<IReadOnlyList<JsonNode>>(what, "a list");

    /// <exception cref="LockFormatException">It is no text.</exception>
    public string Text(string what) => As<string>(what, "a text");

    /// <exception cref="LockFormatException">It is neither true nor false.</exception>
    public bool IsTrue(string what) => value is bool flag ? flag : throw Other(what, "true or false");

    /// <exception cref="LockFormatException">It is no whole number.</exception>
    public int Number(string what) => value is double number && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue ? (int)number : throw Other(what, "a whole number");

    /// <summary>The value of that name; null: there is none.</summary>
    public JsonNode? Find(string name, string what) => Members(what).FirstOrDefault(member => member.Key == name).Value;

    /// <exception cref="LockFormatException">There is none of that name.</exception>
    public JsonNode Get(string name, string what) => Find(name, what) ?? throw new LockFormatException(Line, $"{what} has no \"{name}\"");

    private T As<T>(string what, string kind)
        where T : class => value as T ?? throw Other(what, kind);

    private LockFormatException Other(string what, string kind) => new(Line, $"{what} is to be {kind}");
}
