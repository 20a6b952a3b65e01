using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Diagnostics;

/// <summary>Every build diagnostic. Ids are permanent and never reused; each has a page in <c>docs/diagnostics</c>.</summary>
/// <remarks>A message is subject, problem and fix.</remarks>
internal static class Descriptors
{
    private const string Category = "CdcFlow";

    public static readonly DiagnosticDescriptor MustBePartial = Error(
        "CDCF001", "Pipeline class is not partial",
        "'{0}' must be partial, because the compiler writes the other half of pipeline class '{1}': add the modifier");

    public static readonly DiagnosticDescriptor UnsupportedClass = Error(
        "CDCF002", "Pipeline class has an unsupported shape",
        "Pipeline class '{0}' must be a non-abstract, non-generic class, top-level or nested in non-generic types; it is {1}");

    public static readonly DiagnosticDescriptor SourceShape = Error(
        "CDCF003", "Source is not a partial get-only property",
        "'{0}' has [{1}] but is not an instance partial get-only property of type Changes<T>: write 'public partial Changes<Row> {0} {{ get; }}'");

    public static readonly DiagnosticDescriptor DuplicatePipeline = Error(
        "CDCF004", "Two pipelines have one name",
        "Pipeline name '{0}' is already used by '{1}', and their checkpoints would collide: choose another name", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor InvalidName = Error(
        "CDCF005", "Name is not valid",
        "'{0}' is not a valid {1} name, because slots, groups and directories are named after it: use a-z, 0-9 and -, at most 40 characters");

    public static readonly DiagnosticDescriptor NotInPipeline = Warning(
        "CDCF006", "Attribute outside a pipeline",
        "[{0}] on '{1}' has no effect, because the containing class has no [CdcPipeline]: add it, or remove the attribute");

    public static readonly DiagnosticDescriptor OwnedType = Error(
        "CDCF007", "Owned type is not a column",
        "'{0}.{1}' is of owned type {2}, whose columns stand in the owner's table: declare them as properties of '{0}', or add [NotMapped]");

    public static readonly DiagnosticDescriptor Navigation = Info(
        "CDCF008", "Navigation is no column",
        "'{0}.{1}' leads to other rows ({2}) and is not read: take that table as a source of its own");

    public static readonly DiagnosticDescriptor UnsetProperty = Warning(
        "CDCF009", "Nothing can set the property",
        "'{0}.{1}' is not read, because it has neither a setter nor a constructor parameter: give it one ('private set' is enough), or add [NotMapped]");

    public static readonly DiagnosticDescriptor UnknownInput = Error(
        "CDCF010", "From names no node",
        "'From' on '{0}' names '{1}', which is not a node of this pipeline{2}");

    public static readonly DiagnosticDescriptor AmbiguousInput = Error(
        "CDCF011", "Input is ambiguous",
        "'{0}' takes {1}, and {2} nodes produce it ({3}): set From");

    public static readonly DiagnosticDescriptor Cycle = Error(
        "CDCF012", "Nodes feed each other in a circle",
        "Rows would go round for ever: {0}; let one of these nodes take another input");

    public static readonly DiagnosticDescriptor Unreachable = Warning(
        "CDCF013", "Node is unreachable",
        "Node '{0}' is unreachable, because no node produces the {1} that it takes: set From, or remove it");

    public static readonly DiagnosticDescriptor GoesNowhere = Warning(
        "CDCF014", "Output goes nowhere",
        "Output of '{0}' goes nowhere: add a sink, a consumer, or [Discard]");

    public static readonly DiagnosticDescriptor NotConnected = Error(
        "CDCF015", "Pipeline lacks a source or a sink",
        "{0} has no {1}: {2}");

    public static readonly DiagnosticDescriptor DuplicateName = Error(
        "CDCF016", "Two nodes or sinks have one name",
        "Two {0}s are named '{1}', and names key the checkpoint: set {2}");

    public static readonly DiagnosticDescriptor RouteBranch = Error(
        "CDCF017", "When takes a branch that is none",
        "{0} takes branch {1}, but {2}: name a member of the enum that the route returns");

    public static readonly DiagnosticDescriptor UnconsumedBranch = Warning(
        "CDCF018", "Branch of a route has no consumer",
        "Route value {0}.{1} has no consumer, and its rows are dropped: add a sink or node with When = {0}.{1}");

    public static readonly DiagnosticDescriptor KeyMissing = Error(
        "CDCF020", "Row type has no key",
        "Row type '{0}' has no [Key], and {1} needs one: add [Key] to the properties that identify a row");

    public static readonly DiagnosticDescriptor ColumnType = Error(
        "CDCF021", "Property maps to no column type",
        "Property '{0}.{1}' has type {2}, which maps to no database column type: add [NotMapped] or [ColumnConverter<…>]");

    public static readonly DiagnosticDescriptor NullableColumn = Warning(
        "CDCF022", "Nullable column, non-nullable property",
        "'{0}.{1}' is non-nullable, but its [Column(TypeName = \"{2}\")] says that the column is nullable: make the property nullable");

    public static readonly DiagnosticDescriptor DuplicateColumn = Error(
        "CDCF023", "Two properties map to one column",
        "Properties '{0}' and '{1}' of '{2}' map to columns whose names differ by case at most: give one of them another [Column] name");

    public static readonly DiagnosticDescriptor DeleteKey = Error(
        "CDCF024", "Deletes cannot travel by key",
        "'{0}' maps {1} to {2}, whose [Key] is not made of the whole key of {1}, so deletes would be lost or hit the results of other rows: take Change<{1}>, match key names and types, or set DeleteKey");

    public static readonly DiagnosticDescriptor DecimalPrecision = Warning(
        "CDCF025", "Decimal without precision",
        "Decimal '{0}.{1}' has no precision, and sink '{2}' needs one: add [Column(TypeName = \"numeric(12,2)\")]");

    public static readonly DiagnosticDescriptor UnsoundKey = Error(
        "CDCF026", "Property is no sound key",
        "Key property '{0}.{1}' is {2}, which is no sound key: use an integer, text, UUID, date or enum that is never null");

    public static readonly DiagnosticDescriptor StructRow = Error(
        "CDCF028", "Row type is a struct",
        "Row type '{0}' is a struct, but rows travel by reference: make it a class or record");

    public static readonly DiagnosticDescriptor RowNotMakeable = Error(
        "CDCF029", "Row type cannot be made",
        "Row type '{0}' cannot be made out of columns: give it a public constructor whose parameters are its properties, or none, and let it not be abstract");

    public static readonly DiagnosticDescriptor WrongInputType = Error(
        "CDCF030", "Input has another row type",
        "'{0}' takes {1}, but '{2}' produces {3}: take {3}, or set From to a node that produces {1}");

    public static readonly DiagnosticDescriptor UnsupportedSignature = Error(
        "CDCF031", "Signature is not supported",
        "'{0}' has an unsupported signature; allowed: (T | Change<T>)[, ChangeMetadata][, CancellationToken] → {1}");

    public static readonly DiagnosticDescriptor OrderingMissing = Error(
        "CDCF032", "Concurrent transform without ordering",
        "Asynchronous '{0}' has MaxConcurrency = {1} and no Ordering: choose PerKey, Strict or Unordered");

    public static readonly DiagnosticDescriptor UnorderedIntoKeyed = Error(
        "CDCF033", "Unordered transform feeds a keyed sink",
        "Ordering.Unordered on '{0}' feeds keyed sink '{1}', where an old row could overwrite a new one: use Ordering.PerKey");

    public static readonly DiagnosticDescriptor CancellationMissing = Warning(
        "CDCF034", "Asynchronous transform takes no CancellationToken",
        "Asynchronous '{0}' takes no CancellationToken, so shutdown and rollback wait for it: add one as the last parameter");

    public static readonly DiagnosticDescriptor NoResult = Error(
        "CDCF035", "Asynchronous transform has no result",
        "'{0}' is async void or returns a task without a result: return ValueTask<U>");

    public static readonly DiagnosticDescriptor StateInField = Warning(
        "CDCF036", "Transform writes state",
        "'{0}' writes '{1}': state outside the pipeline's checkpoint is lost on restore and racy when calls overlap; derive it from the row instead");

    public static readonly DiagnosticDescriptor Delivery = Error(
        "CDCF040", "Delivery cannot be given",
        "{0}");

    public static readonly DiagnosticDescriptor IdempotentEffect = Info(
        "CDCF041", "Exactly-once effect by idempotent writes",
        "Sink '{0}' reaches an exactly-once effect by keyed idempotent writes, not transactions: readers may see rows before the checkpoint");

    public static readonly DiagnosticDescriptor NoCheckpointStore = Warning(
        "CDCF042", "No checkpoint store is configured",
        "Pipeline '{0}' is exactly-once, but no checkpoint store is configured: set CdcFlow:{0}:Checkpoint:Store in appsettings.json");

    public static readonly DiagnosticDescriptor ReadCommitted = Warning(
        "CDCF043", "Readers must ask for committed rows",
        "Sink '{0}' is transactional, and its readers see uncommitted rows unless they ask for committed ones: set isolation.level=read_committed in all consumers, then say so by '#pragma warning disable CDCF043' above the attribute");

    public static readonly DiagnosticDescriptor StartupUnsupported = Error(
        "CDCF044", "Startup is not supported",
        "Startup.{0} on '{1}' {2}");

    public static readonly DiagnosticDescriptor KeyedMode = Error(
        "CDCF046", "Sink keeps one row per key, and there is no key",
        "Sink '{0}' keeps one row per key, but row type '{1}' has no [Key]: add it, or set {2}");

    public static readonly DiagnosticDescriptor AlteredKey = Warning(
        "CDCF050", "Method alters the key",
        "'{0}' {1}: deletes travel by key, so that the row's would hit another one or none; put what is made of the key into another property, or take Change<{2}>");

    public static readonly DiagnosticDescriptor ConnectionSetting = Error(
        "CDCF051", "Members of a connection disagree",
        "'{0}' and '{1}' give {2} of connection '{3}' different values, and it has one: write the same on each");

    public static readonly DiagnosticDescriptor Secret = Error(
        "CDCF055", "Secret in an attribute",
        "Attribute argument on '{0}' looks like a secret or a connection string: put it in configuration, as ConnectionStrings:name, and write the name");

    public static readonly DiagnosticDescriptor SystemVersion = Info(
        "CDCF056", "Row version is no column",
        "'{0}.{1}' is a row version that the server keeps in the system column xmin, which no log carries, and is not read");

    public static readonly DiagnosticDescriptor SharedLabel = Error(
        "CDCF057", "Two members of an enum have one label",
        "Members '{0}' and '{1}' of enum '{2}' have one label, '{3}', so that a column could not tell them apart: give one of them another");

    public static readonly DiagnosticDescriptor ReservedMember = Error(
        "CDCF058", "Member has a name of the generated half",
        "'{0}' has a name that the generated half of pipeline class '{1}' needs for itself: rename it, and where it is a node keep its state by [NodeId(\"{0}\")]");

    public static readonly DiagnosticDescriptor LockUnreadable = Error(
        "CDCF080", "Schema lock cannot be read",
        "The schema lock cannot be read, so row types are not compared with their tables: {0}. Take it from version control again, or delete it and write it anew: cdcflow schema pull --connection name.");

    public static readonly DiagnosticDescriptor LockedColumnMissing = Error(
        "CDCF081", "Table has no such column",
        "'{0}.{1}' has no column in table {2}: {3}");

    public static readonly DiagnosticDescriptor LockedColumnMisfit = Error(
        "CDCF082", "Column does not fit the property",
        "'{0}.{1}' is {2}, which does not take column '{3}' ({4}): make it {5}");

    public static readonly DiagnosticDescriptor LockedColumnNullable = Error(
        "CDCF083", "Column takes NULL, the property does not",
        "'{0}.{1}' takes no null, and column '{2}' of table {3} takes NULL: make it {4}, or the column NOT NULL");

    public static readonly DiagnosticDescriptor LockedKey = Error(
        "CDCF084", "Key is not the table's",
        "Row type '{0}' has {1}, and table {2} has {3}: {4}");

    public static readonly DiagnosticDescriptor LockedTableMissing = Error(
        "CDCF085", "Connection has no such table",
        "Connection '{0}' has no table {1}{2}; where it is newer than the schema lock: cdcflow schema pull --connection {0}");

    public static readonly DiagnosticDescriptor NotLocked = Warning(
        "CDCF086", "Table is not in the schema lock",
        "Row type '{0}' is not compared with table {2} of connection '{1}', which is not in the schema lock: cdcflow schema pull --connection {1} --table {2}");

    public static readonly DiagnosticDescriptor LockedLabels = Warning(
        "CDCF087", "Enum lacks a label of the column",
        "'{0}.{1}' is {2}, which has no member for label {3} of column '{4}': add it, or make the property a string");

    public static readonly DiagnosticDescriptor LockedNotInLog = Warning(
        "CDCF088", "Log does not carry the column",
        "'{0}.{1}' is column '{2}' of table {3}, which the server computes and its log does not carry: changes come without it; leave it out ([NotMapped]), or read it on PostgreSQL 18, which publishes stored ones");

    public static readonly DiagnosticDescriptor LockedDigits = Warning(
        "CDCF089", "Column holds more digits than the property",
        "'{0}.{1}' is a decimal, which holds 28 digits, and column '{2}' is {3}: make it {4}, or a string");

    public static readonly DiagnosticDescriptor NoCapabilities = Error(
        "CDCF090", "Source does not say what it can do",
        "[{0}] on '{1}' has no [SourceCapabilities], so the compiler cannot tell which startups it has: add it to the class of the attribute, as in [SourceCapabilities(Startup.Initial)]");

    public static readonly DiagnosticDescriptor NoBeginning = Error(
        "CDCF091", "Source does not say by what property it begins",
        "[{0}] has Startup.{1}, but its [SourceCapabilities] {2} to say where that begins: set {3} there, by nameof, to a property of the attribute that can be set");

    public static readonly DiagnosticDescriptor GeneratorFailed = Error(
        "CDCF099", "Internal generator error",
        "Internal generator error: {0}. Please report it; the build still shows your own errors.");

    private static DiagnosticDescriptor Error(string id, string title, string message, params string[] tags) => Make(id, title, message, DiagnosticSeverity.Error, tags);

    private static DiagnosticDescriptor Warning(string id, string title, string message) => Make(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Info(string id, string title, string message) => Make(id, title, message, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor Make(string id, string title, string message, DiagnosticSeverity severity, params string[] tags) => new(
        id, title, message, Category, severity, isEnabledByDefault: true,
        helpLinkUri: $"https://github.com/cdcflow/cdcflow/blob/main/docs/diagnostics/{id}.md", customTags: tags);
}
