using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CdcFlow.Formats.Records;

namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>Speaks Confluent's Schema Registry API (<see href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html"/>).</summary>
/// <remarks>Keeps nothing. Instances of one registry are tried in order until one answers. Every member throws a coded
/// <see cref="CdcFlowException"/>, transient where the registry may come back.</remarks>
/// <param name="settings">Where it is.</param>
/// <param name="http">How it is reached; disposed with the client.</param>
internal sealed class SchemaRegistryClient(SchemaRegistrySettings settings, HttpClient http) : IDisposable
{
    private static readonly MediaTypeHeaderValue mediaType = new("application/vnd.schemaregistry.v1+json");

    /// <summary>Registers a schema, or finds that it is registered already.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="CdcFlowException">CDCF5264: it is not compatible with the subject's versions.</exception>
    internal async ValueTask<int> RegisterAsync(string subject, RecordSchema schema, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Post, $"subjects/{Escaped(subject)}/versions", schema, cancellationToken);
        return answer.Status == HttpStatusCode.Conflict
            ? throw SchemaRegistryErrors.NotCompatible(settings, subject, await RuleAsync(subject, cancellationToken), null, SchemaRegistryErrors.Words(answer))
            : IdIn(answer, subject);
    }

    /// <summary>The id under which a schema is registered; null when it is not.</summary>
    internal async ValueTask<int?> FindAsync(string subject, RecordSchema schema, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Post, $"subjects/{Escaped(subject)}", schema, cancellationToken);
        return answer.IsMissing ? null : IdIn(answer, subject);
    }

    /// <summary>Whether a schema could be registered; changes nothing.</summary>
    /// <exception cref="CdcFlowException">CDCF5264: it is not compatible with the subject's latest version.</exception>
    internal async ValueTask RequireCompatibleAsync(string subject, RecordSchema schema, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Post, $"compatibility/subjects/{Escaped(subject)}/versions/latest?verbose=true", schema, cancellationToken);
        if (answer.IsMissing)
        {
            return; // the first version is compatible with anything
        }

        if (!answer.IsSuccess)
        {
            throw SchemaRegistryErrors.Of(settings, answer, subject);
        }

        if (answer.Member("is_compatible") is { ValueKind: JsonValueKind.False })
        {
            var reasons = answer.Member("messages") is { ValueKind: JsonValueKind.Array } messages ? string.Join("; ", messages.EnumerateArray()) : null;
            throw SchemaRegistryErrors.NotCompatible(settings, subject, await RuleAsync(subject, cancellationToken), reasons, ".");
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>The subject's compatibility rule, for a sentence; null where this login may not know it.</summary>
    private async ValueTask<string?> RuleAsync(string subject, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Get, $"config/{Escaped(subject)}?defaultToGlobal=true", null, cancellationToken);
        return answer.Text("compatibilityLevel");
    }

    private int IdIn(RegistryAnswer answer, string subject) =>
        answer.IsSuccess && answer.Number("id") is { } id ? id : throw SchemaRegistryErrors.Of(settings, answer, subject);

    private async ValueTask<RegistryAnswer> AskAsync(HttpMethod method, string path, RecordSchema? schema, CancellationToken cancellationToken)
    {
        for (var instance = 0; ; instance++)
        {
            var isLast = instance == settings.Addresses.Count - 1;
            try
            {
                var answer = await SendAsync(method, new Uri(settings.Addresses[instance], path), schema, cancellationToken);
                if (isLast || answer.Status < HttpStatusCode.InternalServerError)
                {
                    return answer;
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                if (isLast)
                {
                    throw SchemaRegistryErrors.NotReached(settings, error);
                }
            }
        }
    }

    private async ValueTask<RegistryAnswer> SendAsync(HttpMethod method, Uri address, RecordSchema? schema, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        if (schema is not null)
        {
            request.Content = new ByteArrayContent(BodyOf(schema)) { Headers = { ContentType = mediaType } };
        }

        using var response = await http.SendAsync(request, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new RegistryAnswer(response.StatusCode, Parsed(bytes));
    }

    private static byte[] BodyOf(RecordSchema schema)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("schema", schema.Text);
            if (schema.Language == SchemaLanguage.Json)
            {
                json.WriteString("schemaType", "JSON"); // registries from before there were other kinds know no member for Avro
            }

            json.WriteEndObject();
        }

        return body.ToArray();
    }

    // What stands in between may answer with a page for people.
    private static JsonElement? Parsed(byte[] bytes)
    {
        try
        {
            return JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Escaped(string subject) => Uri.EscapeDataString(subject);
}
