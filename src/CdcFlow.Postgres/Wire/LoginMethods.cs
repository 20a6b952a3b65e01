namespace CdcFlow.Postgres.Wire;

/// <summary>How a client lets itself be logged in. What gives the password away must be named: <c>Require Auth=Password</c> or <c>MD5</c>.</summary>
[Flags]
internal enum LoginMethods
{
    /// <summary>The server asks for nothing: a client certificate, the user of a unix socket, or trust.</summary>
    None = 1,

    /// <summary>Neither side learns the password from the other.</summary>
    ScramSHA256 = 2,

    /// <summary>A hash that an eavesdropper can use as it is.</summary>
    MD5 = 4,

    /// <summary>The password itself.</summary>
    Password = 8,

    /// <summary>Where <c>Require Auth</c> does not say.</summary>
    Default = None | ScramSHA256,
}
