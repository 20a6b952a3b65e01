using System.Text;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.SchemaRegistry;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.SchemaRegistry;

/// <summary>The real registry. Tests use topics, so subjects, of names of their own.</summary>
internal static class RealRegistry
{
    /// <summary>Its connection string; skips the test where there is none.</summary>
    public static Task<string> ConnectionStringAsync()
    {
        Assert.SkipWhen(SchemaRegistryServer.Missing is not null, SchemaRegistryServer.Missing ?? "");
        return SchemaRegistryServer.AddressAsync();
    }

    public static async Task<SchemaRegistryClient> ConnectAsync()
    {
        var settings = SchemaRegistryConnectionString.Parse(await ConnectionStringAsync());
        return new SchemaRegistryClient(settings, RegistryHttp.Create(settings));
    }

    /// <summary>Sets a subject's compatibility rule.</summary>
    public static Task RequireAsync(string subject, string rule) => SendAsync(HttpMethod.Put, $"config/{subject}", $$"""{"compatibility":"{{rule}}"}""");

    /// <summary>The text of a registered schema, by its id, as a reader gets it.</summary>
    public static async Task<string> SchemaAsync(int id) =>
        System.Text.Json.JsonElement.Parse(await SendAsync(HttpMethod.Get, $"schemas/ids/{id}")).GetProperty("schema").GetString()!;

    public static async Task<int> VersionsAsync(string subject) =>
        System.Text.Json.JsonElement.Parse(await SendAsync(HttpMethod.Get, $"subjects/{subject}/versions")).GetArrayLength();

    public static RecordSchemaPair Schemas<T, TCodec>(RecordFormat format, string topic)
        where T : class
        where TCodec : struct, Rows.IRowCodec<T> => RecordSchemas.Of(TCodec.Schema, new RecordOptions { Format = format }, topic);

    private static async Task<string> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, $"{await ConnectionStringAsync()}/{path}");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/vnd.schemaregistry.v1+json");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
