namespace CdcFlow.Rows;

/// <summary>A member of an enum, as a column has it.</summary>
/// <param name="Name">Its name in C#.</param>
/// <param name="Label">The text that codecs write for it: the label that an attribute gives it, or its name.</param>
/// <param name="Number">Its number; of an unsigned enum beyond <see cref="long.MaxValue"/>, the same 64 bits.</param>
public sealed record EnumValue(string Name, string Label, long Number)
{
    /// <summary>Whether an attribute gives it its label.</summary>
    public bool IsLabelled => Label != Name;
}
