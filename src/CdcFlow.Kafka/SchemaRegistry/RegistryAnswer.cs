using System.Net;
using System.Text.Json;

namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>What a registry answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The JSON object; null where it sent none.</param>
internal readonly record struct RegistryAnswer(HttpStatusCode Status, JsonElement? Body)
{
    // https://docs.confluent.io/platform/current/schema-registry/develop/api.html
    internal const int SubjectMissing = 40401;
    internal const int VersionMissing = 40402;
    internal const int SchemaMissing = 40403;
    internal const int ReadOnly = 42205;

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Whether it says that there is no such subject, version or schema; an address without a registry answers 404 as well, but without a code.</summary>
    public bool IsMissing => Status == HttpStatusCode.NotFound && ErrorCode is SubjectMissing or VersionMissing or SchemaMissing;

    public int? ErrorCode => Number("error_code");

    public string? Message => Text("message");

    public int? Number(string member) => Member(member) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    public string? Text(string member) => Member(member) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public JsonElement? Member(string member) =>
        Body is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(member, out var value) ? value : null;
}
