# The generated half is on disk where the documentation says
said=$(cd "$work/Shop" && dotnet build --no-restore -v q --nologo -p:NoWarn=CDCF004 -p:EmitCompilerGeneratedFiles=true -p:CompilerGeneratedFilesOutputPath="$folder/generated" -o "$folder/out" 2>&1) || fail "not built"
file=$folder/generated/CdcFlow.Generators/CdcFlow.Generators.PipelineGenerator/Shop.OrdersPipeline.Graph.g.cs
[ -s "$file" ] || fail "it is not there: $(find "$folder/generated" -name '*.g.cs')"
