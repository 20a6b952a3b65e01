using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>The name of the file that a class's other half is in.</summary>
internal static class FileName
{
    /// <summary>The class's full name; numbered where another class's differs by case alone, because file names do not.</summary>
    /// <param name="home">The class.</param>
    /// <param name="classes">The full names of all pipeline classes.</param>
    public static string Of(ClassModel home, IEnumerable<string> classes)
    {
        var number = classes.Distinct().Count(other =>
            string.Equals(other, home.Type.Full, StringComparison.OrdinalIgnoreCase) && string.CompareOrdinal(other, home.Type.Full) < 0);
        var name = home.Type.Full.Replace("global::", "").Replace("@", "").Replace('<', '{').Replace('>', '}').Replace(" ", "");
        return name + (number == 0 ? "" : $".{number + 1}") + ".Graph.g.cs";
    }
}
