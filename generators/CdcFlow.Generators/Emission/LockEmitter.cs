using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes the tables as the schema lock has them, so that a start can say where the server's are others.</summary>
internal static class LockEmitter
{
    public static void Emit(SourceWriter writer, PipelineModel model, Names names)
    {
        var sources = model.Sources.Where(source => source.Locked is not null).ToList();
        if (sources.Count == 0)
        {
            return;
        }

        writer.Line();
        writer.Line("// The tables as the schema lock had them.");
        using (writer.Open($"private static class {names.Locked}"))
        {
            foreach (var source in sources)
            {
                Table(writer, source);
            }
        }
    }

    private static void Table(SourceWriter writer, SourceModel source)
    {
        writer.Line($"public static {Names.Flow}TableSchema {source.Member} {{ get; }} = new(");
        using (writer.Indent())
        {
            writer.Line($"new {Names.Flow}TableId({Names.Quote(source.Place!.Schema)}, {Names.Quote(source.Place.Name)}),");
            writer.Line("[");
            using (writer.Indent())
            {
                foreach (var column in source.Locked!.Columns)
                {
                    var isKey = column.IsKey ? ", IsKey = true" : "";
                    writer.Line($"new({Names.Quote(column.Name)}, {Names.Quote(column.Type)}) {{ IsNullable = {(column.IsNullable ? "true" : "false")}{isKey} }},");
                }
            }

            writer.Line("]);");
        }
    }
}
