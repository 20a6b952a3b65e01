using System.Text;
using System.Text.RegularExpressions;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Broker.Tests.SchemaRegistry;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>What the schema registry, or the way to it, stops at every start.</summary>
public sealed partial class RegistryWayOutTests(RegistryFixture pipeline) : IClassFixture<RegistryFixture>
{
    private const string Registry = RegistryFixture.Registry;
    private const string Strategy = "SubjectNameStrategy";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("WayOut", "CDCF5261")]
    public async Task Registry_that_cannot_work_just_now_is_waited_for()
    {
        await using var gate = new RegistryGate(await pipeline.BeginAsync()) { Instead = (_, _) => (503, 50301) };
        await pipeline.GoesOnByItselfAsync("CDCF5261", () => gate.Instead = (_, _) => null, (Registry, gate.Address));
    }

    [Fact, Trait("WayOut", "CDCF5262")]
    public async Task Authority_that_signed_the_registrys_certificate_is_named()
    {
        using var authority = new TestCertificates();
        await using var gate = new TlsGate(await pipeline.BeginAsync(), authority.Issue("localhost", ["localhost"]));
        Assert.Contains("as Root Certificate in the registry's connection string", await pipeline.StopsAsync("CDCF5262", (Registry, gate.Address)), StringComparison.Ordinal);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, authority.AuthorityPem, Cancellation);
        await pipeline.GoesOnAsync((Registry, $"Url={gate.Address};Root Certificate={file}"));
        File.Delete(file);
    }

    [Fact, Trait("WayOut", "CDCF5263")]
    public async Task Login_is_put_right_and_one_that_may_only_read_finds_what_another_has_registered()
    {
        await using var gate = new RegistryGate(await pipeline.BeginAsync())
        {
            Instead = (request, _) => request.Headers["Authorization"] != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("cdc:right")) ? (401, 40101) : null,
        };
        Assert.Contains("Check Username and Password", await pipeline.StopsAsync("CDCF5263", (Registry, $"Url={gate.Address};Username=cdc;Password=wrong")), StringComparison.Ordinal);
        await pipeline.GoesOnAsync((Registry, $"Url={gate.Address};Username=cdc;Password=right"));

        await pipeline.AddAsync();
        var isRegistered = false;
        gate.Instead = (request, _) => request.Url!.AbsolutePath.EndsWith("/versions", StringComparison.Ordinal) ? (403, 40301) : isRegistered ? null : (404, 40403);
        Assert.Contains("where another login has registered the schema, reading is enough", await pipeline.StopsAsync("CDCF5263", (Registry, gate.Address)), StringComparison.Ordinal);
        isRegistered = true;
        await pipeline.GoesOnAsync((Registry, gate.Address));
    }

    [Fact, Trait("WayOut", "CDCF5264")]
    public async Task Subject_gets_another_compatibility_rule_by_the_request()
    {
        await pipeline.BeginAsync();
        using (var registry = await RealRegistry.ConnectAsync())
        {
            var subject = $"{pipeline.Rig.Topic}-{RealRegistry.Schemas<Testing.Conformance.Rows.Account, Testing.Conformance.Rows.AccountCodec>(RecordFormat.Avro, pipeline.Rig.Topic).Value.Name}";
            await registry.RegisterAsync(subject, new RecordSchema(SchemaLanguage.Avro, "Value", """{"type":"record","name":"Value","namespace":"other","fields":[{"name":"op","type":"int"}]}"""), Cancellation);
            await RealRegistry.RequireAsync(subject, "BACKWARD");
        }

        var wayOut = Put().Match(await pipeline.StopsAsync("CDCF5264", (Strategy, "TopicRecordName"))).Groups;
        using var http = new HttpClient();
        using var answer = await http.PutAsync(wayOut[1].Value, new StringContent(wayOut[2].Value, Encoding.UTF8, "application/vnd.schemaregistry.v1+json"), Cancellation);
        answer.EnsureSuccessStatusCode();
        await pipeline.GoesOnAsync((Strategy, "TopicRecordName"));
    }

    [Fact, Trait("WayOut", "CDCF5265")]
    public async Task Registry_that_does_not_know_a_kind_of_schema_gets_another_format()
    {
        await using var gate = new RegistryGate(await pipeline.BeginAsync()) { Instead = (_, body) => body.Contains("schemaType", StringComparison.Ordinal) ? (422, 42201) : null };
        Assert.Contains("choose another Format", await pipeline.StopsAsync("CDCF5265", (Registry, gate.Address), ("Format", "Json")), StringComparison.Ordinal);
        await pipeline.GoesOnAsync((Registry, gate.Address), ("Format", "Avro"));
    }

    [Fact, Trait("WayOut", "CDCF5266")]
    public async Task Connection_string_is_set_as_the_message_has_it()
    {
        var address = await pipeline.BeginAsync();
        Assert.Contains("Set ConnectionStrings:registry, as in https://registry:8081", await pipeline.StopsAsync("CDCF5266", (Registry, null)), StringComparison.Ordinal);
        await pipeline.GoesOnAsync((Registry, address));
    }

    [Fact, Trait("WayOut", "CDCF5267")]
    public async Task Schema_is_registered_by_one_start_that_may()
    {
        await pipeline.BeginAsync();
        (string, string?)[] settings = [(Strategy, "RecordName"), ("AutoRegisterSchemas", "false")];
        Assert.Contains("Start once with AutoRegisterSchemas = true", await pipeline.StopsAsync("CDCF5267", settings), StringComparison.Ordinal);
        await pipeline.GoesOnAsync((Strategy, "RecordName"), ("AutoRegisterSchemas", "true"));
        await pipeline.AddAsync();
        await pipeline.GoesOnAsync(settings);
    }

    [Fact, Trait("WayOut", "CDCF5268")]
    public async Task Address_is_where_subjects_are()
    {
        var address = await pipeline.BeginAsync();
        Assert.Contains("it is where /subjects is", await pipeline.StopsAsync("CDCF5268", (Registry, $"{address}/nowhere")), StringComparison.Ordinal);
        await pipeline.GoesOnAsync((Registry, address));
    }

    [Fact, Trait("WayOut", "CDCF5269")]
    public async Task Format_that_needs_a_registry_gets_one()
    {
        await pipeline.BeginAsync();
        Assert.Contains("Set SchemaRegistry to the name of its connection string", await pipeline.StopsAsync("CDCF5269", ("SchemaRegistry", "")), StringComparison.Ordinal);
        await pipeline.GoesOnAsync(("SchemaRegistry", "registry"));
    }

    [Fact, Trait("WayOut", "CDCF2102")]
    public async Task Text_that_is_not_Unicode_is_made_another_by_the_transform()
    {
        await pipeline.BeginAsync();
        pipeline.Rig.Program.Name = "\ud800";
        var said = await pipeline.StopsAsync("CDCF5242");
        pipeline.Rig.Program.Name = null;
        Assert.Contains("Column 'Name' of Item: A text holds half of a surrogate pair", said, StringComparison.Ordinal);
        Assert.Contains("Fix the transform that makes it", said, StringComparison.Ordinal);
        await pipeline.GoesOnAsync();
    }

    [GeneratedRegex("PUT (http[^ ]+) with ({[^}]+})")]
    private static partial Regex Put();
}
