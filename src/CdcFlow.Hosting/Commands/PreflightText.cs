using System.Text.Json;
using CdcFlow.Configuration;
using CdcFlow.Hosting.Observation;

namespace CdcFlow.Hosting.Commands;

/// <summary>Preflight reports for people and for programs.</summary>
internal static class PreflightText
{
    public static async Task WriteAsync(IEnumerable<PreflightReport> reports, TextWriter writer)
    {
        foreach (var report in reports)
        {
            await writer.WriteLineAsync(report.Subject);
            foreach (var check in report.Checks)
            {
                var code = check.Code is null ? "" : $" [{check.Code}]";
                await writer.WriteLineAsync($"  {Sign(check.Status)} {LogText.Printable($"{check.Name}: {check.Sentence}")}{code}");
                foreach (var line in check.Fix?.Split('\n') ?? [])
                {
                    await writer.WriteLineAsync($"      {LogText.Printable(line.TrimEnd('\r'))}");
                }
            }
        }
    }

    public static async Task WriteJsonAsync(IEnumerable<PreflightReport> reports, TextWriter writer) => await writer.WriteLineAsync(JsonText.Write(json =>
    {
        json.WriteStartArray();
        foreach (var (subject, check) in reports.SelectMany(report => report.Checks, (report, check) => (report.Subject, check)))
        {
            Write(json, subject, check);
        }

        json.WriteEndArray();
    }));

    /// <summary>One check as an object.</summary>
    public static void Write(Utf8JsonWriter json, string subject, PreflightCheck check)
    {
        json.WriteStartObject();
        json.WriteString("subject", subject);
        json.WriteString("name", check.Name);
        json.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(check.Status.ToString()));
        json.WriteString("sentence", check.Sentence);
        json.WriteString("code", check.Code);
        json.WriteString("fix", check.Fix);
        json.WriteEndObject();
    }

    private static char Sign(PreflightStatus status) => status switch
    {
        PreflightStatus.Passed => '✓',
        PreflightStatus.Warning => '!',
        _ => '✗',
    };
}
