namespace CdcFlow.Configuration;

/// <summary>What becomes of several sinks of one pipeline in one place. The stricter of two holds.</summary>
public enum PlaceSharing
{
    /// <summary>One would write over the other's rows: the pipeline does not start.</summary>
    Refused,

    /// <summary>Nothing is lost, but readers may not expect it: a warning.</summary>
    Warned,

    /// <summary>As a person may well want it.</summary>
    Free,
}

/// <summary>Something that a connection reads from or writes to, so that the pipeline can tell whether two of its connections meet there.</summary>
/// <param name="Address">What it is: the same text from whichever connection it is looked at, and no other place's; compared by its characters. Never a secret.</param>
/// <param name="Title">What it is for people, as in <c>table "public"."orders"</c>.</param>
/// <param name="Owner">The node or the sink that reads or writes there.</param>
/// <param name="Resolution">Which setting of the owner leads elsewhere.</param>
public sealed record ConnectorPlace(string Address, string Title, string Owner, string Resolution)
{
    /// <summary>What becomes of several sinks there; sources may always share a place. By default refused.</summary>
    public PlaceSharing Sharing { get; init; }
}
