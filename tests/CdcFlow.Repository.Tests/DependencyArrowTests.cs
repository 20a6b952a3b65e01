using System.Reflection;

namespace CdcFlow.Repository.Tests;

/// <summary>
/// Dependencies point one way: Abstractions ← {Checkpointing, Capture, Formats} ← Runtime ← Hosting. A connector knows the contracts and
/// the pure libraries, never the runtime nor another connector; so a new connector is one new project. Sockets and TLS (CdcFlow.Wire) refer to nothing: connectors compile them in.
/// </summary>
public sealed class DependencyArrowTests
{
    private static readonly string[] pure = ["CdcFlow.Checkpointing", "CdcFlow.Capture", "CdcFlow.Formats"];

    /// <summary>What a project may refer to. One that is not listed is a connector.</summary>
    private static readonly Dictionary<string, string[]> allowed = new()
    {
        ["CdcFlow.Abstractions"] = [],
        ["CdcFlow.Wire"] = [],
        ["CdcFlow.Checkpointing"] = ["CdcFlow.Abstractions"],
        ["CdcFlow.Capture"] = ["CdcFlow.Abstractions"],
        ["CdcFlow.Formats"] = ["CdcFlow.Abstractions"],
        ["CdcFlow.Runtime"] = ["CdcFlow.Abstractions", .. pure],
        ["CdcFlow.Testing"] = ["CdcFlow.Abstractions", .. pure, "CdcFlow.Runtime"],
        ["CdcFlow.Hosting"] = ["CdcFlow.Abstractions", .. pure, "CdcFlow.Runtime"],
        ["CdcFlow"] = ["CdcFlow.Hosting"],
        ["CdcFlow.Tool"] = ["CdcFlow.Abstractions", "CdcFlow.Hosting", "CdcFlow.Postgres"],
        ["CdcFlow.Dashboard"] = ["CdcFlow.Abstractions", .. pure, "CdcFlow.Runtime", "CdcFlow.Hosting"],
    };

    private static readonly string[] allowedToConnectors = ["CdcFlow.Abstractions", "CdcFlow.Capture", "CdcFlow.Formats", "CdcFlow.Parquet"];

    /// <summary>Assemblies with an owner: a driver or a console library seen elsewhere means that its types have leaked.</summary>
    private static readonly Dictionary<string, string[]> owners = new()
    {
        ["Npgsql"] = ["CdcFlow.Postgres"],
        ["Confluent.Kafka"] = ["CdcFlow.Kafka"],
        ["Spectre.Console"] = ["CdcFlow.Hosting"],
        ["System.CommandLine"] = ["CdcFlow.Hosting", "CdcFlow.Tool"],
        ["System.Threading.Tasks.Dataflow"] = ["CdcFlow.Runtime"],
    };

    public static TheoryData<string> Projects => [.. Repository.SourceProjects];

    [Theory, MemberData(nameof(Projects))]
    public void Project_file_refers_only_inward(string project) =>
        Assert.Empty(Repository.ProjectReferences(project).Except(AllowedTo(project)));

    [Theory, MemberData(nameof(Projects))]
    public void Compiled_assembly_uses_only_what_lies_inward(string project) =>
        Assert.Empty(Repository.AssemblyReferences(project).Where(name => name.StartsWith("CdcFlow.", StringComparison.Ordinal)).Except(AllowedTo(project)));

    [Theory, MemberData(nameof(Projects))]
    public void Library_with_an_owner_is_used_by_nobody_else(string project) =>
        Assert.Empty(Repository.AssemblyReferences(project).Where(name => owners.TryGetValue(name, out var users) && !users.Contains(project)));

    [Fact]
    public void Abstractions_need_no_package() => Assert.Empty(Repository.PackageReferences("CdcFlow.Abstractions"));

    [Theory, MemberData(nameof(Projects))]
    public void Public_surface_shows_no_driver_type(string project)
    {
        var foreign = PublicApi.Types(Assembly.Load(project)).SelectMany(PublicApi.TypesShownBy)
            .Where(type => owners.ContainsKey(type.Assembly.GetName().Name!));
        Assert.Empty(foreign);
    }

    // A template's project becomes one when it is filled in.
    [Fact]
    public void Solution_holds_every_project()
    {
        var solution = Repository.Read("CdcFlow.sln").Replace('\\', '/');
        Assert.Empty(Repository.Files("*.csproj").Where(path => !path.StartsWith("templates/content/", StringComparison.Ordinal) && !solution.Contains($"\"{path}\"", StringComparison.Ordinal)));
    }

    private static string[] AllowedTo(string project) => allowed.GetValueOrDefault(project, allowedToConnectors);
}
