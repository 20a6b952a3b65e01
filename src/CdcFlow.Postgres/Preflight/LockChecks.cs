using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Source;

namespace CdcFlow.Postgres.Preflight;

/// <summary>Whether a table is still as the schema lock had it when the program was compiled.</summary>
internal static class LockChecks
{
    internal static IEnumerable<PreflightCheck> Run(PostgresTable table, IEnumerable<TableOutput> outputs, string connection)
    {
        if (outputs.Select(output => output.Locked).FirstOrDefault(locked => locked is not null) is not { } locked)
        {
            yield break;
        }

        string[] differences = [.. Differences(locked, table)];
        yield return differences.Length == 0
            ? new($"lock {table.Id}", PreflightStatus.Passed, $"Table {table.Id} is as the schema lock has it.")
            : new(
                $"lock {table.Id}", PreflightStatus.Warning,
                $"Table {table.Id} is not as the schema lock that the program was compiled with has it: {string.Join("; ", differences)}.",
                ErrorCodes.SchemaLockDiffers, $"cdcflow schema pull --connection {connection} --table {Pasted.Word(table.Id.ToString())} # then compile the program again");
    }

    private static IEnumerable<string> Differences(TableSchema locked, PostgresTable table)
    {
        foreach (var was in locked.Columns)
        {
            var column = table.Columns.FirstOrDefault(column => column.Name == was.Name);
            if (column is null)
            {
                yield return $"it has no column '{was.Name}'";
            }
            else if (column.TypeName != was.TypeName)
            {
                yield return $"column '{was.Name}' is {column.TypeName}, not {was.TypeName}";
            }
            else if (column.IsNullable != was.IsNullable)
            {
                yield return $"column '{was.Name}' {(column.IsNullable ? "takes NULL" : "takes no NULL")}";
            }
        }

        foreach (var column in table.Columns.Where(column => locked.Find(column.Name) is null))
        {
            yield return $"it has a column '{column.Name}' ({column.TypeName}) more";
        }

        string[] keyWas = [.. locked.Columns.Where(column => column.IsKey).Select(column => column.Name)];
        string[] key = [.. table.Columns.Select(column => column.Name).Where(name => table.Key.Any(part => part.Name == name))];
        if (!key.Order(StringComparer.Ordinal).SequenceEqual(keyWas.Order(StringComparer.Ordinal)))
        {
            yield return $"its key is ({string.Join(", ", key)}), not ({string.Join(", ", keyWas)})";
        }
    }
}
