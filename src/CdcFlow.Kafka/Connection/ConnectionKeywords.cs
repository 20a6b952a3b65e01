using System.Data.Common;
using System.Globalization;

namespace CdcFlow.Kafka.Connection;

/// <summary>The keywords that one kind of connection string has. Sentences about a wrong one name keywords, never values.</summary>
/// <param name="code">The code of its errors.</param>
/// <param name="known">The keywords.</param>
/// <param name="example">How one is written.</param>
internal sealed class ConnectionKeywords(string code, IReadOnlyList<string> known, string example)
{
    internal GivenKeywords Read(string connectionString)
    {
        var given = new DbConnectionStringBuilder();
        try
        {
            given.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            // The cause's message may quote a part of the string, so it is not shown.
            throw Refused("The connection string does not parse.", $"Write keywords and values, as in {example}.");
        }

        // Not quoted either: a ';' inside an unquoted password makes a keyword out of what follows.
        var unknown = given.Keys.Cast<string>().ToList().FindIndex(keyword => !known.Contains(keyword, StringComparer.OrdinalIgnoreCase));
        return unknown < 0
            ? new GivenKeywords(this, given)
            : throw Refused($"Keyword number {unknown + 1} of the connection string is not known.", $"Known are {string.Join(", ", known)}; a value with ; in it needs quotes.");
    }

    internal CdcFlowException Refused(string happened, string fix) => new(code, happened, fix);
}

/// <summary>What a connection string says.</summary>
internal sealed class GivenKeywords(ConnectionKeywords keywords, DbConnectionStringBuilder given)
{
    private const int SecondsMax = 3600;

    internal string? Text(string keyword) => given.TryGetValue(keyword, out var value) && value is string { Length: > 0 } text ? text : null;

    internal string Required(string keyword) => Text(keyword) ?? throw keywords.Refused($"The connection string has no {keyword}.", $"Add {keyword}=….");

    internal TEnum? Named<TEnum>(string keyword, Func<string, string>? spelling = null)
        where TEnum : struct, Enum =>
        Text(keyword) is not { } text ? null
        : char.IsAsciiLetter(text[0]) && Enum.TryParse<TEnum>(spelling is null ? text : spelling(text), ignoreCase: true, out var value) ? value
        : throw keywords.Refused($"{keyword} has a value that is not known.", $"It is one of {string.Join(", ", Enum.GetNames<TEnum>())}.");

    internal TimeSpan Seconds(string keyword, int otherwise) =>
        Text(keyword) is not { } text ? TimeSpan.FromSeconds(otherwise)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= SecondsMax ? TimeSpan.FromSeconds(seconds)
        : throw keywords.Refused($"{keyword} is no whole number of seconds from 1 to {SecondsMax}.", $"Write {keyword}={otherwise}.");
}
