using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Locking;
using CdcFlow.Generators.Tests.Compiling;
using CdcFlow.Postgres.Types;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Tests;

/// <summary>The file of a schema lock: one that cannot be read is said with its line, and what it has goes into the program.</summary>
public sealed class SchemaLockTests
{
    private const string Pipeline = """
        public sealed record Order([property: Key] long Id, string? Note);
        [CdcPipeline("orders")]
        public sealed partial class OrdersPipeline
        {
            [CdcFlow.Postgres.PostgresSource("shop", Table = "sales.orders"), InMemorySink("lake")] public partial Changes<Order> Orders { get; }
        }
        """;

    private const string Lock = """
        {
          "format": 1,
          "connections": {
            "shop": {
              "server": "PostgreSQL 15",
              "tables": [
                {
                  "schema": "sales", "name": "orders", "key": ["id"], "replicaIdentity": "default",
                  "columns": [
                    { "name": "id", "type": "bigint", "kind": "Int64", "later": [1, -2.5e3, null] },
                    { "name": "note", "type": "text", "kind": "Text", "nullable": true }
                  ]
                }
              ]
            }
          }
        }
        """;

    [Theory]
    [InlineData("", "line 1: a value is missing: the file ends")]
    [InlineData("{\n\n", "line 3: a name in double quotes is missing: the file ends")]
    [InlineData("{\n<<<<<<< HEAD\n", "line 2: a name in double quotes is missing before '<'")]
    [InlineData("{ \"format\": 1,\n\"connections\": {} } x", "line 2: the end is missing before 'x'")]
    [InlineData("{ \"format\": nil }", "line 1: a value is missing before 'n'")]
    [InlineData("{ \"format\": \"1\n\" }", "line 1: the text's closing quote is missing before '\n'")]
    [InlineData("{ \"format\": \"\\x\" }", "line 1: an escaped letter is missing before 'x'")]
    [InlineData("[]", "line 1: the file is to be an object")]
    [InlineData("{}", "line 1: the file has no \"format\"")]
    [InlineData("{ \"format\": 1 }", "line 1: the file has no \"connections\"")]
    [InlineData("{ \"format\": 1.5 }", "line 1: \"format\" is to be a whole number")]
    [InlineData("{\n\"format\": 2 }", "line 2: it is of format 2, and this version of CdcFlow reads format 1")]
    [InlineData("{ \"format\": 1, \"connections\": { \"shop\": { \"server\": \"x\",\n\"tables\": {} } } }", "line 2: \"tables\" is to be a list")]
    public void What_cannot_be_read_is_said_with_its_line(string json, string problem)
    {
        var read = LockFile.Read(new ProjectFile("cdcflow.schema.json", json), CancellationToken.None);
        Assert.Null(read.Lock);
        Assert.Equal(problem, read.Problem);
    }

    [Fact]
    public void Nesting_that_would_end_the_compiler_is_refused() =>
        Assert.Equal("line 1: it is nested too deeply", LockFile.Read(new ProjectFile("cdcflow.schema.json", new string('[', 100_000)), CancellationToken.None).Problem);

    [Fact]
    public void Kind_of_a_later_version_is_said() =>
        Assert.Equal(
            "line 10: \"Tensor\" is no kind of column that this version of CdcFlow knows",
            LockFile.Read(new ProjectFile("cdcflow.schema.json", Lock.Replace("Int64", "Tensor", StringComparison.Ordinal)), CancellationToken.None).Problem);

    [Fact]
    public async Task Lock_that_cannot_be_read_is_one_error_in_the_file_and_the_pipeline_compiles()
    {
        var file = new ProjectFile("/shop/cdcflow.schema.json", "{\n  \"format\": 2\n}\n");
        var problem = Assert.Single(await Source.AnalyzeAsync(Source.Compile(Source.Shop + Pipeline), file));
        Assert.Equal("CDCF080", problem.Id);
        Assert.Equal(DiagnosticSeverity.Error, problem.Severity);
        Assert.Equal("/shop/cdcflow.schema.json: (1,0)-(1,13)", problem.Location.GetLineSpan().ToString());
        Assert.Contains("cdcflow schema pull --connection", problem.GetMessage(), StringComparison.Ordinal);
        Assert.DoesNotContain("LockedTable", Assert.Single(Source.Generate(Source.Compile(Source.Shop + Pipeline), file).Result.GeneratedTrees).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_table_is_one_name_in_what_is_to_be_pasted()
    {
        const string Hostile = "orders; DROP TABLE x";
        var pipeline = Source.Shop + Pipeline.Replace("[property: Key] long Id", "long Number", StringComparison.Ordinal).Replace("sales.orders", $"sales.{Hostile}", StringComparison.Ordinal);
        var named = Lock.Replace("\"id\", \"type\"", "\"number\", \"type\"", StringComparison.Ordinal).Replace("\"orders\", \"key\": [\"id\"]", $"\"{Hostile}\", \"key\": []", StringComparison.Ordinal);
        var problems = await Source.AnalyzeAsync(Source.Compile(pipeline), new ProjectFile("cdcflow.schema.json", named));
        Assert.EndsWith($"ALTER TABLE sales.\"{Hostile}\" REPLICA IDENTITY FULL", Assert.Single(problems, problem => problem.Id == "CDCF084").GetMessage(), StringComparison.Ordinal);
        problems = await Source.AnalyzeAsync(Source.Compile(pipeline), new ProjectFile("cdcflow.schema.json", Lock));
        Assert.EndsWith($"--table 'sales.{Hostile}'", Assert.Single(problems, problem => problem.Id == "CDCF086").GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_the_lock_are_in_the_program()
    {
        var file = new ProjectFile("cdcflow.schema.json", Lock);
        Assert.Empty(await Source.AnalyzeAsync(Source.Compile(Source.Shop + Pipeline), file));
        var (output, result) = Source.Generate(Source.Compile(Source.Shop + Pipeline), file);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken).Where(problem => problem.Severity != DiagnosticSeverity.Hidden));
        var text = Assert.Single(result.GeneratedTrees).ToString();
        Assert.Contains("PostgresSourceAttribute(\"shop\") { Table = \"sales.orders\", LockedTable = Locked.Orders }", text, StringComparison.Ordinal);
        Assert.Contains(
            "public static global::CdcFlow.TableSchema Orders { get; } = new( new global::CdcFlow.TableId(\"sales\", \"orders\"), "
            + "[ new(\"id\", \"bigint\") { IsNullable = false, IsKey = true }, new(\"note\", \"text\") { IsNullable = true }, ]);",
            string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Type_of_a_property_is_called_as_the_table_of_columns_calls_it()
    {
        string[] names = [.. ColumnFit.Scalars, "System.Int32?", "System.Int32?[]", "CdcFlow.Postgres.PostgresRange<System.DateOnly>[]"];
        var input = Source.Compile($"class Row {{ {string.Concat(names.Select((name, i) => $"public {name} P{i} {{ get; set; }}"))} }}");
        var shapes = input.GetTypeByMetadataName("Row")!.GetMembers().OfType<IPropertySymbol>().Select(property => PropertyShapes.Of(property.Type));
        Assert.Equal(names, shapes.Select(Spell));
    }

    private static string Spell(PropertyShape shape) => shape switch
    {
        { Name: PropertyShape.Range, Element: { } bound } => $"{shape.Name}<{Spell(bound)}>",
        { Element: { } element } => Spell(element) + shape.Name,
        _ => shape.Name,
    };
}
