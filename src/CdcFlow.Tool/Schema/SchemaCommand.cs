using System.CommandLine;
using CdcFlow.Generators.Locking;
using CdcFlow.Hosting;
using CdcFlow.Hosting.Commands;
using CdcFlow.Hosting.Observation;
using CdcFlow.Postgres.Wire;
using CdcFlow.Tool.Scaffold;

namespace CdcFlow.Tool.Schema;

/// <summary><c>schema pull</c>: writes the form of a live database's tables to the schema lock, which the compiler compares row types with. Changes nothing there.</summary>
internal static class SchemaCommand
{
    private static readonly Option<string> connection = new("--connection", "-c")
    {
        Required = true,
        HelpName = "name|string",
        Description = "The connection's name, which is looked up as ConnectionStrings:{name} in appsettings.json and the environment; or a connection string, with --name.",
    };

    private static readonly Option<string?> name = new("--name", "-n")
    {
        HelpName = "name",
        Description = "The connection's name in the lock, as sources say it, where --connection is a connection string.",
    };

    private static readonly Option<string[]> tables = new("--table", "-t")
    {
        HelpName = "table",
        AllowMultipleArgumentsPerToken = true,
        Description = "A table to add to the lock or to read again, as in orders or sales.orders; may be repeated. By default those that the lock has; where it has none, all.",
    };

    private static readonly Option<bool> all = new("--all") { Description = "Every table that the role may read." };

    private static readonly Option<FileInfo> output = new("--output", "-o")
    {
        HelpName = "file",
        Description = "The lock. By default cdcflow.schema.json in this folder.",
        DefaultValueFactory = _ => new FileInfo(SchemaLock.FileName),
    };

    internal static Command Define(Terminal terminal)
    {
        var pull = new Command("pull", "Write the form of a live PostgreSQL database's tables to the schema lock.") { connection, name, tables, all, output };
        pull.Validators.Add(arguments =>
        {
            if (arguments.GetValue(all) && arguments.GetValue(tables) is { Length: > 0 })
            {
                arguments.AddError("--all and --table exclude each other.");
            }
        });
        pull.SetAction((arguments, cancellationToken) => PullAsync(arguments, terminal, cancellationToken));
        return new Command("schema", "The schema lock, which the compiler compares row types with.") { pull };
    }

    private static async Task<int> PullAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var given = arguments.GetRequiredValue(connection);
        var named = arguments.GetValue(name) ?? (given.Contains('=', StringComparison.Ordinal) ? throw Unnamed() : given);
        var settings = PostgresConnectionSettings.Parse(ConnectionStrings.Find(given, Directory.GetCurrentDirectory()));
        var file = arguments.GetRequiredValue(output);
        var before = SchemaLockFile.Read(file);
        var pulled = Pull(settings, new LockedTables(before.Find(named), arguments.GetValue(tables) ?? [], arguments.GetValue(all)), named, cancellationToken);
        await SchemaLockFile.WriteAsync(file, SchemaLockText.Write(before.With(pulled)), cancellationToken);
        foreach (var gone in before.Find(named)?.Tables.Where(table => pulled.Find(table.Schema, table.Name) is null) ?? [])
        {
            terminal.TryWriteError(LogText.Printable($"Table {gone} is left out: connection '{named}' has none, or the role may not read it."));
        }

        terminal.TryWriteError(LogText.Printable($"{pulled.Tables.Count} {(pulled.Tables.Count == 1 ? "table" : "tables")} of {settings} in {file.FullName}, as connection '{named}'."));
        return ExitCode.Ok;
    }

    private static LockedConnection Pull(PostgresConnectionSettings settings, LockedTables wanted, string named, CancellationToken cancellationToken)
    {
        using var server = PostgresConnection.Open(settings, SessionKind.Sql, cancellationToken);
        return wanted.Read(new DatabaseTables(server), named, $"PostgreSQL {server.ServerVersion}");
    }

    private static CdcFlowException Unnamed() => new(
        ToolErrorCodes.ConnectionUnnamed,
        "The schema lock holds tables under the connection's name, and a connection string has none.",
        "Say the name that sources give it, as in [PostgresSource(\"shop\")]: --name shop. Or give --connection the name, and the string as ConnectionStrings:{name}.");
}
