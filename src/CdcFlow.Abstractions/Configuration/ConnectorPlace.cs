namespace CdcFlow.Configuration;

/// <summary>Something that a connection reads from or writes to, so that the pipeline can tell whether two of its connections meet there.</summary>
/// <param name="Address">What it is: the same text from whichever connection it is looked at, and no other place's; compared by its characters. Never a secret.</param>
/// <param name="Title">What it is for people, as in <c>table "public"."orders"</c>.</param>
/// <param name="Owner">The node or the sink that reads or writes there.</param>
/// <param name="Resolution">Which setting of the owner leads elsewhere.</param>
public sealed record ConnectorPlace(string Address, string Title, string Owner, string Resolution)
{
    /// <summary>Whether several sinks may write there without any of them saying so (<see cref="SinkAttribute.Shared"/>), as sinks do whose rows tell themselves where they
    /// are from. All of them must be so. By default false. Sources may always share a place, unless <see cref="IsExclusive"/>.</summary>
    public bool IsShareable { get; init; }

    /// <summary>Whether the place takes a part of the source's table in its name, so that sinks meet there only where they have changes of one table. By default false.</summary>
    public bool IsPerTable { get; init; }

    /// <summary>Whether only one connection may be there at all, as at a replication slot. By default false.</summary>
    public bool IsExclusive { get; init; }
}
