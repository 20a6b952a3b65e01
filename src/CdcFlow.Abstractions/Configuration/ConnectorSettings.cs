using System.Globalization;

namespace CdcFlow.Configuration;

/// <summary>Configuration values of one source, sink or node, each overriding the attribute's value of the same name.</summary>
/// <remarks>
/// A connector reads every property it has through one of the getters, giving the attribute's value as the default; a value that
/// does not parse is collected as a problem and the default returned, so that all problems are found in one pass.
/// Not thread-safe; read while the connector is made.
/// </remarks>
/// <param name="path">The key of the section, as in <c>CdcFlow:orders:Sources:shop</c>.</param>
/// <param name="lookup">Gives the raw text of a property of the section, or null when it is not configured.</param>
/// <param name="problems">Collects what is wrong.</param>
public sealed class ConnectorSettings(string path, Func<string, string?> lookup, ICollection<ConfigurationProblem> problems)
{
    private readonly HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The key of the section.</summary>
    public string Path { get; } = path;

    /// <summary>The properties that were asked for: any other key in the section is a typing error.</summary>
    public IReadOnlySet<string> Known => known;

    /// <summary>No overrides at all; for tests and hand-built graphs.</summary>
    public static ConnectorSettings None => new("", _ => null, new List<ConfigurationProblem>());

    /// <summary>A text.</summary>
    public string? GetString(string property, string? attributeValue) => Raw(property) ?? attributeValue;

    /// <summary>A text that not every one may be.</summary>
    /// <param name="property">The property.</param>
    /// <param name="attributeValue">What holds where it is not configured.</param>
    /// <param name="whyRefused">Says of a text, as the rest of a sentence about it, why it may not be; null: it may.</param>
    public string GetString(string property, string attributeValue, Func<string, string?> whyRefused)
    {
        var value = Raw(property) ?? attributeValue;
        return whyRefused(value) is { } why ? Report(property, $"'{value}' {why}", attributeValue) : value;
    }

    /// <summary>A number.</summary>
    public int GetInt32(string property, int attributeValue, int min = int.MinValue, int max = int.MaxValue) =>
        (int)GetInt64(property, attributeValue, min, max);

    /// <summary>A number.</summary>
    public long GetInt64(string property, long attributeValue, long min = long.MinValue, long max = long.MaxValue)
    {
        var value = attributeValue;
        var raw = Raw(property);
        if ((raw is not null && !long.TryParse(raw, NumberStyles.Integer, CultureInfo.InvariantCulture, out value)) || value < min || value > max)
        {
            return Report(property, $"'{raw ?? value.ToString(CultureInfo.InvariantCulture)}' is not a whole number from {min} to {max}", attributeValue);
        }

        return value;
    }

    /// <summary>A yes or no: <c>true</c> or <c>false</c>.</summary>
    public bool GetBoolean(string property, bool attributeValue) =>
        Raw(property) is not { } raw ? attributeValue
        : bool.TryParse(raw, out var value) ? value
        : Report(property, $"'{raw}' is neither true nor false", attributeValue);

    /// <summary>A length of time, as in <c>00:00:10</c> or <c>10s</c> (<c>ms</c>, <c>s</c>, <c>min</c>, <c>h</c>, <c>d</c>); a bare number is refused.</summary>
    public TimeSpan GetTimeSpan(string property, TimeSpan attributeValue) =>
        Raw(property) is not { } raw ? attributeValue
        : DurationText.Parse(raw) ?? Report(property, $"'{raw}' is not a length of time such as 00:00:10 or 10s", attributeValue);

    /// <summary>A member of an enum, by name, in any case.</summary>
    public TEnum GetEnum<TEnum>(string property, TEnum attributeValue)
        where TEnum : struct, Enum =>
        Raw(property) is not { } raw ? attributeValue
        : char.IsAsciiLetter(raw.FirstOrDefault()) && Enum.TryParse<TEnum>(raw, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : Report(property, $"'{raw}' is not one of {string.Join(", ", Enum.GetNames<TEnum>())}", attributeValue);

    private string? Raw(string property)
    {
        known.Add(property);
        return lookup(property);
    }

    private TValue Report<TValue>(string property, string sentence, TValue fallback)
    {
        problems.Add(new ConfigurationProblem(ErrorCodes.ConfigurationValue, $"{Path}:{property}", sentence));
        return fallback;
    }
}
