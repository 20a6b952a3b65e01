using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CdcFlow.Kafka.Tests.SchemaRegistry;

/// <summary>A registry in memory that speaks Confluent's API over a client's handler, and can be told to fail.</summary>
internal sealed class FakeRegistry : HttpMessageHandler
{
    private readonly List<(string Subject, string Schema, int Id)> registered = [];

    /// <summary>Answers instead of the registry where it gives something.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Instead { get; set; } = _ => null;

    /// <summary>Subjects whose rule refuses every further schema.</summary>
    public HashSet<string> Refusing { get; } = [];

    /// <summary>What was asked, as in <c>POST subjects/a-value/versions</c>.</summary>
    public List<string> Requests { get; } = [];

    public List<string?> Logins { get; } = [];

    /// <summary>The last request's body.</summary>
    public JsonElement Body { get; private set; }

    public IEnumerable<string> Subjects => registered.Select(entry => entry.Subject);

    public string SchemaOf(string subject) => registered.Last(entry => entry.Subject == subject).Schema;

    public int IdOf(string subject) => registered.Last(entry => entry.Subject == subject).Id;

    public static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/vnd.schemaregistry.v1+json") };

    public static HttpResponseMessage Error(int status, int code, string message) =>
        Answer((HttpStatusCode)status, new JsonObject { ["error_code"] = code, ["message"] = message }.ToJsonString());

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = request.RequestUri!.AbsolutePath.TrimStart('/');
        Requests.Add($"{request.Method} {path}");
        Logins.Add(request.Headers.Authorization?.ToString());
        Body = request.Content is null ? default : JsonElement.Parse(await request.Content.ReadAsByteArrayAsync(cancellationToken));
        return Instead(request) ?? Answer(path.Split('/').Select(Uri.UnescapeDataString).ToArray());
    }

    private HttpResponseMessage Answer(string[] path) => path switch
    {
        ["subjects", var subject, "versions"] => Register(subject, Schema),
        ["subjects", var subject] => Find(subject, Schema) is { } id ? Id(id) : Error(404, registered.Exists(entry => entry.Subject == subject) ? 40403 : 40401, "not found"),
        ["compatibility", "subjects", var subject, "versions", "latest"] => registered.Exists(entry => entry.Subject == subject)
            ? Answer(HttpStatusCode.OK, $$"""{"is_compatible":{{(Refusing.Contains(subject) ? "false" : "true")}},"messages":["reader has no default for 'owner'"]}""")
            : Error(404, 40401, "Subject not found"),
        ["config", _] => Answer(HttpStatusCode.OK, """{"compatibilityLevel":"BACKWARD"}"""),
        _ => Answer(HttpStatusCode.NotFound, "<html>"),
    };

    private string Schema => Body.GetProperty("schema").GetString()!;

    private HttpResponseMessage Register(string subject, string schema)
    {
        if (Find(subject, schema) is { } known)
        {
            return Id(known);
        }

        if (Refusing.Contains(subject))
        {
            return Error(409, 409, "Schema being registered is incompatible with an earlier schema");
        }

        registered.Add((subject, schema, registered.Count + 1));
        return Id(registered.Count);
    }

    private int? Find(string subject, string schema) =>
        registered.FindIndex(entry => entry.Subject == subject && entry.Schema == schema) is >= 0 and var index ? registered[index].Id : null;

    private static HttpResponseMessage Id(int id) => Answer(HttpStatusCode.OK, $$"""{"id":{{id}}}""");
}
