namespace CdcFlow.Formats.Avro;

/// <summary>Names as Avro allows them: a letter or underscore, then letters, digits and underscores, all ASCII.</summary>
internal static class AvroNames
{
    /// <summary>A field's name: every character that is not allowed is an underscore, and one is put before a digit.</summary>
    public static string Of(string name)
    {
        var legal = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        return legal.Length == 0 || char.IsAsciiDigit(legal[0]) ? "_" + legal : legal;
    }

    /// <summary>A full name: its parts, between dots, each made legal.</summary>
    public static string FullNameOf(string name) =>
        string.Join('.', name.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(Of));

    /// <summary>The parts of a full name before and after its last dot.</summary>
    public static (string? Namespace, string Name) Split(string fullName)
    {
        var dot = fullName.LastIndexOf('.');
        return dot < 0 ? (null, fullName) : (fullName[..dot], fullName[(dot + 1)..]);
    }
}
