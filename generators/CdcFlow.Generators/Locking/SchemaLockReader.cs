using CdcFlow.Generators.Model;
using CdcFlow.Postgres.Types;

namespace CdcFlow.Generators.Locking;

/// <summary>Reads a schema lock. What it does not know of, it passes over: a later version may say more in the same format.</summary>
internal static class SchemaLockReader
{
    /// <exception cref="LockFormatException">It is none, or one of a format that only a later version reads.</exception>
    public static SchemaLock Read(string json)
    {
        const string what = "the file";
        var root = JsonReader.Read(json);
        var format = root.Get("format", what);
        return format.Number("\"format\"") is SchemaLock.Format
            ? new SchemaLock(root.Get("connections", what).Members("\"connections\"").Select(member => Connection(member.Key, member.Value)).ToEquatableArray())
            : throw new LockFormatException(format.Line, $"it is of format {format.Number("")}, and this version of CdcFlow reads format {SchemaLock.Format}");
    }

    private static LockedConnection Connection(string name, JsonNode node)
    {
        var what = $"connection \"{name}\"";
        return new LockedConnection(
            name, node.Get("server", what).Text("\"server\""), Flag(node, "whole", what, otherwise: false),
            node.Get("tables", what).Items("\"tables\"").Select(Table).ToEquatableArray());
    }

    private static LockedTable Table(JsonNode node)
    {
        const string what = "a table";
        return new LockedTable(
            Text(node, "schema", what), Text(node, "name", what), Texts(node.Get("key", what), "\"key\""), Text(node, "replicaIdentity", what),
            node.Get("columns", what).Items("\"columns\"").Select(Column).ToEquatableArray());
    }

    private static LockedColumn Column(JsonNode node)
    {
        const string what = "a column";
        var kind = node.Get("kind", what);
        return new LockedColumn(
            Text(node, "name", what), Text(node, "type", what),
            ColumnShape.Parse(kind.Text("\"kind\"")) ?? throw new LockFormatException(kind.Line, $"\"{kind.Text("")}\" is no kind of column that this version of CdcFlow knows"),
            Flag(node, "nullable", what, otherwise: false), Flag(node, "generated", what, otherwise: false), Flag(node, "inLog", what, otherwise: true),
            node.Find("labels", what) is { } labels ? Texts(labels, "\"labels\"") : default);
    }

    private static string Text(JsonNode node, string name, string what) => node.Get(name, what).Text($"\"{name}\"");

    private static bool Flag(JsonNode node, string name, string what, bool otherwise) => node.Find(name, what)?.IsTrue($"\"{name}\"") ?? otherwise;

    private static EquatableArray<string> Texts(JsonNode node, string what) => node.Items(what).Select(item => item.Text($"an item of {what}")).ToEquatableArray();
}
