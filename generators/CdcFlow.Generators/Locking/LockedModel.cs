using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Locking;

/// <summary>Gives a pipeline's sources what a schema lock has of their tables.</summary>
internal static class LockedModel
{
    public static PipelineModel Of(PipelineModel model, IReadOnlyList<LockFile> files) =>
        model with { Sources = model.Sources.Select(source => source with { Locked = Find(source.Place, files) }).ToEquatableArray() };

    private static LockedTableModel? Find(TablePlace? place, IReadOnlyList<LockFile> files)
    {
        var table = place is null ? null : files
            .Select(file => file.Lock?.Find(place.Connection)?.Find(place.Schema, place.Name))
            .FirstOrDefault(found => found is not null);
        return table is null
            ? null
            : new LockedTableModel(table.Columns.Select(column => new LockedColumnModel(column.Name, column.Type, column.IsNullable, table.Key.Contains(column.Name))).ToEquatableArray());
    }
}
