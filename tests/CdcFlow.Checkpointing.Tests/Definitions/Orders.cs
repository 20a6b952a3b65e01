using CdcFlow.Checkpointing.Definitions;

namespace CdcFlow.Checkpointing.Tests.Definitions;

/// <summary>A definition for tests: orders that go to a lake as they are, and those that a filter lets pass to totals.</summary>
internal static class Orders
{
    public static SourceTable Table { get; } = new("shop", new TableId("public", "orders"));

    public static Definition Usual { get; } = new(
        [Source("Orders", "Order", Table, ("Id", "Int64 of the key"), ("Total", "Decimal"), ("Note", "String")), Filter("IsLarge", "Orders", "aaaa", "Total"), Map("ToTotal", "IsLarge", "bbbb", "Total")],
        [Sink("lake", "Orders", "Order", ("Id", "Int64 of the key"), ("Total", "Decimal"), ("Note", "String")), Sink("totals", "ToTotal", "OrderTotal", ("Id", "Int64 of the key"), ("Total", "Decimal"))]);

    public static DefinedNode Source(string id, string row, SourceTable table, params (string Name, string Type)[] columns) =>
        new(id, "source", row, []) { Source = new DefinedSource(table, columns.ToDictionary(column => column.Name, column => column.Type)) };

    public static DefinedNode Filter(string id, string from, string content, params string[] looksAt) =>
        new(id, "filter", "Order", [new DefinedInput(from, null)]) { Content = content, LooksAt = looksAt };

    public static DefinedNode Map(string id, string from, string content, params string[] looksAt) =>
        new(id, "transform", "OrderTotal", [new DefinedInput(from, null)]) { Content = content, LooksAt = looksAt };

    public static DefinedSink Sink(string name, string from, string row, params (string Name, string Type)[] columns) => new(name, "bus", row, [new DefinedInput(from, null)])
    {
        Columns = columns.ToDictionary(column => column.Name, column => column.Type),
        Settings = new Dictionary<string, string> { ["Table"] = $"public.{name}", ["Mode"] = "Upsert" },
        Place = name == "lake" ? "16384" : "16385",
    };

    /// <summary>With another node in the place of the one with its id, or with one more.</summary>
    public static Definition With(this Definition definition, DefinedNode node) =>
        definition with { Nodes = [.. definition.Nodes.Where(other => other.Id != node.Id), node] };

    /// <summary>With another sink in the place of the one with its name, or with one more.</summary>
    public static Definition With(this Definition definition, DefinedSink sink) =>
        definition with { Sinks = [.. definition.Sinks.Where(other => other.Name != sink.Name), sink] };

    public static Definition Without(this Definition definition, params string[] names) => definition with
    {
        Nodes = [.. definition.Nodes.Where(node => !names.Contains(node.Id))],
        Sinks = [.. definition.Sinks.Where(sink => !names.Contains(sink.Name))],
    };

    public static DefinedSink Of(this Definition definition, string sink) => definition.Sinks.Single(other => other.Name == sink);
}
