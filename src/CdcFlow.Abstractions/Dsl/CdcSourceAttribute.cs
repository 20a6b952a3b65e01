using CdcFlow.Configuration;
using CdcFlow.Sources;

namespace CdcFlow;

/// <summary>Makes a partial property of type <see cref="Changes{T}"/> a source. Connectors derive from it.</summary>
/// <remarks>Several members that name one connection share one connector: one slot, one log reader. A third party ships a source as one
/// class that derives from this one; it needs nothing else.</remarks>
/// <param name="connection">The connection's name: <c>ConnectionStrings:{connection}</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public abstract class CdcSourceAttribute(string connection) : Attribute
{
    /// <summary>The connection's name.</summary>
    public string Connection { get; } = connection;

    /// <summary>Where to begin when there is no checkpoint. Default: <see cref="Startup.Initial"/>.</summary>
    public Startup Startup { get; set; } = Startup.Initial;

    /// <summary>The table as the schema lock had it when the program was compiled; a preflight says where the server's is another. Generated code sets it.
    /// Null, the default: no lock had it.</summary>
    public TableSchema? LockedTable { get; set; }

    /// <summary>Makes the connector that serves every member naming this connection; called on the first of their attributes.</summary>
    public abstract ISourceConnector CreateConnector(ConnectorContext context);
}
