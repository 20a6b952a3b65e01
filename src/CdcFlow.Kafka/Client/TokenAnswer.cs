using System.Globalization;
using System.Text.Json;

namespace CdcFlow.Kafka.Client;

/// <summary>What an authorization server answered (RFC 6749 §5.1): a token with its lifetime, or why there is none. Nothing of the answer is quoted.</summary>
internal readonly record struct TokenAnswer(string? Token, TimeSpan Lifetime, string? Problem)
{
    // The RFC recommends a lifetime and does not demand it.
    private const double LifetimeUnsaidSeconds = 300;

    private const double LifetimeMaxSeconds = 365 * 24 * 3600;

    /// <summary>Reads an answer of any shape.</summary>
    internal static TokenAnswer Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return Read(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the second: a text with half a surrogate pair
        {
            return Unusable("its answer is no JSON");
        }
    }

    private static TokenAnswer Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || Member(answer, "access_token") is not { ValueKind: JsonValueKind.String } token || token.GetString() is not { Length: > 0 } value)
        {
            return Unusable("its answer has no access_token");
        }

        return Seconds(Member(answer, "expires_in")) is > 0 and var seconds
            ? new TokenAnswer(value, TimeSpan.FromSeconds(Math.Min(seconds, LifetimeMaxSeconds)), null)
            : Unusable("the expires_in of its answer is no number of seconds above zero");
    }

    private static double? Seconds(JsonElement? lifetime) => lifetime switch
    {
        null or { ValueKind: JsonValueKind.Null } => LifetimeUnsaidSeconds,
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out var seconds) => seconds,
        { ValueKind: JsonValueKind.String } text when double.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) => seconds,
        _ => null,
    };

    private static JsonElement? Member(JsonElement answer, string name) => answer.TryGetProperty(name, out var member) ? member : null;

    private static TokenAnswer Unusable(string problem) => new(null, default, problem);
}
