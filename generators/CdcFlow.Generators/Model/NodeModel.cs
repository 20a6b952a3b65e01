namespace CdcFlow.Generators.Model;

/// <summary>What a node does with a row.</summary>
internal enum NodeKind
{
    Filter,
    Map,
    FanOut,
    Route,
}

/// <summary>A method node.</summary>
/// <param name="Id">The node's id.</param>
/// <param name="Method">The method.</param>
/// <param name="IsStatic">Whether it is called without an instance.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Input">What it takes.</param>
/// <param name="In">The row type that it takes.</param>
/// <param name="Out">The row type that it gives.</param>
/// <param name="Parameters">What the method is called with.</param>
/// <param name="Result">What it returns.</param>
/// <param name="Retracts">Whether rows that stop passing are taken back.</param>
/// <param name="CarriesOldRow">Whether a map is called for old rows too, because a fan-out behind it must take back what it made of them.</param>
/// <param name="DeleteKey">How the key of <paramref name="Out"/> comes from that of <paramref name="In"/>.</param>
/// <param name="UsesAnyColumn">Whether the method may use any property of <paramref name="In"/>.</param>
/// <param name="UsedColumns">Those that it uses, otherwise.</param>
/// <param name="Content">A hash of what the method makes of a row.</param>
/// <param name="Branch">The enum of a route.</param>
/// <param name="Async">How it runs when it is asynchronous; null when it is not.</param>
/// <param name="OnError">The member of <c>OnError</c>.</param>
internal sealed record NodeModel(
    string Id, string Method, bool IsStatic, NodeKind Kind, Port Input, TypeRef In, TypeRef Out,
    ParameterModel Parameters, ResultModel Result, bool Retracts, bool CarriesOldRow,
    EquatableArray<KeyMapping> DeleteKey, bool UsesAnyColumn, EquatableArray<string> UsedColumns, string Content, TypeRef? Branch, AsyncModel? Async, string OnError);

/// <summary>What a method is called with.</summary>
/// <param name="TakesChange">Whether it takes <c>Change&lt;T&gt;</c> rather than <c>T</c>.</param>
/// <param name="TakesMetadata">Whether it takes the metadata.</param>
/// <param name="TakesCancellation">Whether it takes a cancellation token.</param>
internal sealed record ParameterModel(bool TakesChange, bool TakesMetadata, bool TakesCancellation);

/// <summary>What a method returns, without its task.</summary>
/// <param name="IsChange">Whether rows come as <c>Change&lt;U&gt;</c>.</param>
/// <param name="IsNullable">Whether null drops.</param>
/// <param name="IsStream">Whether several come as <c>IAsyncEnumerable</c>.</param>
internal sealed record ResultModel(bool IsChange, bool IsNullable, bool IsStream);

/// <summary>How an asynchronous node runs.</summary>
/// <param name="MaxConcurrency">Calls at once.</param>
/// <param name="Ordering">The member of <c>Ordering</c>.</param>
internal sealed record AsyncModel(int MaxConcurrency, string Ordering);

/// <summary>A property of an output's key and the property of the input's key that it comes from.</summary>
internal sealed record KeyMapping(string To, string From);
