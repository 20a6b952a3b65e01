using System.Globalization;
using CdcFlow.Hosting.Observation;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Commands;

/// <summary>An event of the log as one line: for people, or as a JSON object. Pure.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How bad.</param>
/// <param name="Category">Who tells it.</param>
/// <param name="EventId">What kind of event.</param>
/// <param name="Message">The sentence.</param>
/// <param name="Values">What the sentence was made of.</param>
/// <param name="Fault">With its stack trace; null where none is asked for.</param>
internal sealed record LogLine(
    DateTimeOffset Time, LogLevel Level, string Category, EventId EventId, string Message, IReadOnlyList<KeyValuePair<string, object?>> Values, Exception? Fault)
{
    private const string Template = "{OriginalFormat}";

    /// <summary>The time in UTC, the level and the sentence; the fault below it.</summary>
    public string ToText()
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{Time:yyyy-MM-ddTHH:mm:ss.fffZ} {Name.PadRight(5)} {LogText.Printable(Message)}");
        return Fault is null ? line : $"{line}\n{LogText.Printable(Fault.ToString())}";
    }

    /// <summary><c>time</c>, <c>level</c>, <c>category</c>, <c>event</c>, <c>message</c>, then <c>values</c> and <c>fault</c> where there are any.</summary>
    public string ToJson() => JsonText.WriteLine(json =>
    {
        json.WriteStartObject();
        json.WriteString("time", Time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteString("level", Name);
        json.WriteString("category", Category);
        json.WriteNumber("event", EventId.Id);
        json.WriteString("message", Message);
        if (Values.Any(value => value.Key != Template))
        {
            json.WriteStartObject("values");
            foreach (var (key, value) in Values.Where(value => value.Key != Template))
            {
                json.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
        }

        if (Fault is not null)
        {
            json.WriteString("fault", Fault.ToString());
        }

        json.WriteEndObject();
    });

    private string Name => Level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
