using System.Text;
using CdcFlow.Capture;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>Where a table's rows of the log carry their key.</summary>
internal sealed class KeyFields
{
    private readonly int[] table;
    private readonly int[] naming;

    private KeyFields(int[] table, int[] naming) => (this.table, this.naming) = (table, naming);

    /// <summary>Of a table that the log has not described yet.</summary>
    internal static KeyFields None { get; } = new([], []);

    /// <param name="definition">The table.</param>
    /// <param name="outputs">Its outputs: when a key of one of them changes, the row moves from one key to another.</param>
    /// <param name="columns">The table's columns as the log describes them.</param>
    internal static KeyFields Of(PostgresTable definition, IReadOnlyList<TableOutput> outputs, IReadOnlyList<ServerColumn> columns)
    {
        int[] table = [.. definition.Key.Select(key => IndexOf(columns, key.Name))];
        var ofOutputs = outputs.SelectMany(output => output.Schema.KeyColumns.Select(key => ColumnMatch.Find(output.Schema.Columns[key], columns)));
        return new KeyFields(table, [.. ofOutputs.Concat(table).Where(field => field >= 0).Distinct()]);
    }

    private static int IndexOf(IReadOnlyList<ServerColumn> columns, string name)
    {
        var index = columns.Count - 1;
        while (index >= 0 && columns[index].Name != name)
        {
            index--;
        }

        return index;
    }

    /// <summary>The fields that name a row, for the table or for an output.</summary>
    internal int[] Naming => naming;

    /// <summary>The row's key in the table; null where it has none.</summary>
    /// <param name="row">The row.</param>
    /// <param name="old">Where columns stand that the row does not carry; may be empty.</param>
    internal ChunkKey? KeyOf(TupleData row, TupleData old)
    {
        if (table.Length == 0)
        {
            return null;
        }

        var values = new string[table.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var field = table[i];
            values[i] = Encoding.UTF8.GetString(row.IsUnchanged(field) && old.Count > 0 ? old[field] : row[field]);
        }

        return new ChunkKey(values);
    }

    /// <summary>Whether an update gave the row another key, for the table or for an output.</summary>
    internal bool IsChanged(TupleData old, TupleData row)
    {
        foreach (var field in naming)
        {
            if (!row.IsUnchanged(field) && (row.IsNull(field) != old.IsNull(field) || !row[field].SequenceEqual(old[field])))
            {
                return true;
            }
        }

        return false;
    }
}
