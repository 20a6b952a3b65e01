using System.Reflection;

namespace CdcFlow.Repository.Tests;

/// <summary>
/// What users can call is checked in, one file per project, and changes only on purpose:
/// <c>UPDATE_PUBLIC_API=1 dotnet test tests/CdcFlow.Repository.Tests</c> rewrites the files.
/// </summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Projects => [.. Repository.SourceProjects];

    [Theory, MemberData(nameof(Projects))]
    public void Public_surface_is_the_one_checked_in(string project)
    {
        var file = Path.Combine(Repository.Root, "src", project, "PublicAPI.txt");
        var surface = PublicApi.Of(Assembly.Load(project));
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
        {
            File.WriteAllText(file, surface);
        }

        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : "", surface);
    }
}
