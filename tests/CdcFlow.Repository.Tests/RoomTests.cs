using System.Text.RegularExpressions;

namespace CdcFlow.Repository.Tests;

/// <summary>
/// Inside the PostgreSQL connector dependencies point one way too: Wire ← {Types, Replication} ← Server ← {Snapshot, Preflight} ← Source, and the sink
/// beside the source. Its own namespace has the attributes and the error codes, which every room may use.
/// </summary>
public sealed partial class RoomTests
{
    private const string Connector = "src/CdcFlow.Postgres";

    private static readonly Dictionary<string, string[]> allowed = new()
    {
        ["Wire"] = [],
        ["Types"] = ["Wire"],
        ["Replication"] = ["Wire"],
        ["Server"] = ["Wire", "Types", "Replication"],
        ["Snapshot"] = ["Wire", "Types", "Replication", "Server"],
        ["Preflight"] = ["Wire", "Types", "Replication", "Server"],
        ["Source"] = ["Wire", "Types", "Replication", "Server", "Snapshot", "Preflight"],
        ["Sink"] = ["Wire", "Types", "Server"],
    };

    /// <summary>Files that look up into the source's room: for outputs, which are not PostgreSQL's and are to lie below. None may be added.</summary>
    private static readonly string[] lookingUp =
    [
        "Snapshot/ChunkOutput.cs", "Snapshot/TableReads.cs",
        "Preflight/IdentityChecks.cs", "Preflight/LabelChecks.cs", "Preflight/LockChecks.cs", "Preflight/PostgresPreflight.cs",
        "Preflight/PublicationChecks.cs", "Preflight/TableChecks.cs", "Preflight/ValueChecks.cs",
    ];

    public static TheoryData<string> Rooms => [.. allowed.Keys];

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_uses_only_what_lies_below(string room)
    {
        var looking = LookingUp(room).ToLookup(use => lookingUp.Contains(use.File));
        Assert.Empty(looking[false]);
        Assert.Equal(lookingUp.Where(file => file.StartsWith($"{room}/", StringComparison.Ordinal)).Order(), looking[true].Select(use => use.File).Distinct().Order());
    }

    [Fact]
    public void Every_folder_of_the_connector_is_a_room() =>
        Assert.Empty(Repository.Files("*.cs", Connector).Select(file => file.Split('/')).Where(path => path.Length > 3).Select(path => path[2]).Distinct().Except(allowed.Keys));

    /// <summary>What the files of a room use that does not lie below it.</summary>
    private static IEnumerable<(string File, string Room)> LookingUp(string room) =>
        from file in Repository.Files("*.cs", $"{Connector}/{room}")
        from Match used in Room().Matches(Repository.Read(file))
        let name = used.Groups["room"].Value
        where name != room && allowed.ContainsKey(name) && !allowed[room].Contains(name)
        select (file[(Connector.Length + 1)..], name);

    [GeneratedRegex(@"CdcFlow\.Postgres\.(?<room>\w+)")]
    private static partial Regex Room();
}
