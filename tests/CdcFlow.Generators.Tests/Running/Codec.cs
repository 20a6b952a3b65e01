using System.Reflection;
using CdcFlow.Rows;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>Calls a pipeline's generated codec, which is private to it.</summary>
internal static class Codec
{
    public static RowSchema Schema<TPipeline>(string name) =>
        (RowSchema)Type<TPipeline>(name).GetProperty(nameof(Schema), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    public static ICalls<T> Of<TPipeline, T>(string name)
        where T : class => (ICalls<T>)Activator.CreateInstance(typeof(Calls<,>).MakeGenericType(typeof(T), Type<TPipeline>(name)))!;

    private static Type Type<TPipeline>(string name) => typeof(TPipeline).GetNestedType(name, BindingFlags.NonPublic)!;

    internal interface ICalls<T>
    {
        T Read(FakeRow row);

        T ReadKey(FakeRow row);

        object?[] Write(T row);

        object Key(T row);

        int KeyHash(T row);

        bool KeyEquals(T left, T right);
    }

    private sealed class Calls<T, TCodec> : ICalls<T>
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        public T Read(FakeRow row) => TCodec.Read(ref row);

        public T ReadKey(FakeRow row) => TCodec.ReadKey(ref row);

        public object?[] Write(T row)
        {
            var written = new FakeRow(new object?[TCodec.Schema.Columns.Count]);
            TCodec.Write(row, ref written);
            return written.Values;
        }

        public object Key(T row) => TCodec.Key(row);

        public int KeyHash(T row) => TCodec.KeyHash(row);

        public bool KeyEquals(T left, T right) => TCodec.KeyEquals(left, right);
    }
}
